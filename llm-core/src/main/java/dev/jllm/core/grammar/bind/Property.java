package dev.jllm.core.grammar.bind;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A component of a record or a field of a class.
 *
 * @param name its name, which is the property's
 * @param type its type
 * @param raw its class
 * @param optional whether it may be absent: an {@link Optional}, or marked with an annotation named
 *     {@code Nullable}
 * @param field the field
 */
record Property(String name, Type type, Class<?> raw, boolean optional, Field field) {
  /** The components of a record in their order, or the fields of a class, superclasses first. */
  static List<Property> of(Class<?> type) {
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
        boolean optional =
            field.getType() == Optional.class
                || isNullable(field)
                || isNullable(annotatedType(field));
        found.add(
            new Property(
                field.getName(), field.getGenericType(), field.getType(), optional, field));
      }
    }
    return found;
  }

  /** Whether the class is a record; by name, as older Android has no such class. */
  static boolean isRecord(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    return parent != null && parent.getName().equals("java.lang.Record");
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
