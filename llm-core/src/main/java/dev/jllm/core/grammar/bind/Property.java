package dev.jllm.core.grammar.bind;

import dev.jllm.api.ToolParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A component of a record, a field of a class, or a parameter of a method.
 *
 * @param name the property's name: what {@link ToolParam} says, or its own; empty where the
 *     compiler kept none
 * @param type its type
 * @param raw its class
 * @param optional whether it may be absent: an {@link Optional}, marked with an annotation named
 *     {@code Nullable}, or by {@link ToolParam} as not required
 * @param description what it means, as {@link ToolParam} says, or empty
 * @param field the field, or null for a parameter
 */
public record Property(
    String name,
    Type type,
    Class<?> raw,
    boolean optional,
    String description,
    @Nullable Field field) {
  /** A parameter of a method. */
  public static Property of(Parameter parameter) {
    return of(
        parameter.isNamePresent() ? parameter.getName() : "",
        parameter.getParameterizedType(),
        parameter.getType(),
        isNullable(parameter),
        parameter,
        null);
  }

  private static Property of(
      String javaName,
      Type type,
      Class<?> raw,
      boolean nullable,
      AnnotatedElement element,
      @Nullable Field field) {
    ToolParam said = element.getAnnotation(ToolParam.class);
    boolean optional = raw == Optional.class || nullable || said != null && !said.required();
    String name = said == null || said.name().isEmpty() ? javaName : said.name();
    return new Property(name, type, raw, optional, said == null ? "" : said.value(), field);
  }

  /** The components of a record in their order, or the fields of a class, superclasses first. */
  public static List<Property> of(Class<?> type) {
    List<Property> found = new ArrayList<>();
    Class<?> parent = type.getSuperclass();
    if (parent != null && parent != Object.class && !isRecord(type)) {
      found.addAll(of(parent));
    }
    for (Field field : ordered(type)) {
      int modifiers = field.getModifiers();
      if (!Modifier.isStatic(modifiers)
          && !Modifier.isTransient(modifiers)
          && !field.isSynthetic()) {
        found.add(
            of(
                field.getName(),
                field.getGenericType(),
                field.getType(),
                isNullable(field) || isNullable(annotatedType(field)),
                field,
                field));
      }
    }
    return found;
  }

  /**
   * Whether the class is a record; by name, as older Android has no such class and its tools give
   * records a base of their own.
   */
  public static boolean isRecord(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    return parent != null
        && (parent.getName().equals("java.lang.Record") || parent.getName().endsWith("RecordTag"));
  }

  /**
   * The fields in the order of declaration. For records this order is guaranteed where the platform
   * tells the components; elsewhere it is the one in which the platform lists fields.
   */
  private static List<Field> ordered(Class<?> type) {
    List<Field> fields = new ArrayList<>(List.of(type.getDeclaredFields()));
    if (isRecord(type)) {
      try {
        Method components = Class.class.getMethod("getRecordComponents");
        Object[] all = (Object[]) components.invoke(type);
        List<Field> ordered = new ArrayList<>();
        for (Object component : all) {
          Method name = component.getClass().getMethod("getName");
          ordered.add(type.getDeclaredField((String) name.invoke(component)));
        }
        return ordered;
      } catch (ReflectiveOperationException e) {
        return fields; // a platform without components, or records rewritten to classes
      }
    }
    return fields;
  }

  /** The field's type with its annotations; the field itself where the platform has none. */
  private static AnnotatedElement annotatedType(Field field) {
    try {
      Object type = Field.class.getMethod("getAnnotatedType").invoke(field);
      return type instanceof AnnotatedElement element ? element : field;
    } catch (ReflectiveOperationException e) {
      return field; // older Android
    }
  }

  private static boolean isNullable(AnnotatedElement element) {
    for (Annotation annotation : element.getAnnotations()) {
      if (annotation.annotationType().getSimpleName().equals("Nullable")) {
        return true;
      }
    }
    return false;
  }
}
