package dev.jllm.core.chat.tools;

import dev.jllm.api.Tool;
import dev.jllm.api.ToolDefinition;
import dev.jllm.api.ToolMethod;
import dev.jllm.core.grammar.bind.JavaReader;
import dev.jllm.core.grammar.bind.JavaSchema;
import dev.jllm.core.grammar.bind.JavaWriter;
import dev.jllm.core.grammar.bind.Property;
import dev.jllm.core.json.Json;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Tools made of methods and records that carry {@link ToolMethod}. Reflection looks at the object
 * or class that the caller hands over and at the types its members name, nothing else.
 */
public final class AnnotatedTools {
  private AnnotatedTools() {}

  /**
   * The tools of an object's public annotated methods, in the order of their names; or, of a class
   * that is an annotated record and a {@link Callable}, the tool that it is.
   *
   * @throws IllegalArgumentException if there is none, or a type in use has no JSON form
   */
  public static List<Tool> of(Object target) {
    if (target instanceof Class<?> type) {
      return List.of(ofRecord(type));
    }
    List<Tool> tools = new ArrayList<>();
    Method[] methods = target.getClass().getMethods();
    Arrays.sort(methods, Comparator.comparing(Method::getName));
    for (Method method : methods) {
      ToolMethod annotation = method.getAnnotation(ToolMethod.class);
      if (annotation != null && !method.isBridge()) {
        tools.add(ofMethod(target, method, annotation));
      }
    }
    if (tools.isEmpty()) {
      throw new IllegalArgumentException(
          target.getClass().getName() + " has no public method with @ToolMethod");
    }
    return tools;
  }

  private static Tool ofMethod(Object target, Method method, ToolMethod annotation) {
    List<Property> properties = new ArrayList<>();
    for (Parameter parameter : method.getParameters()) {
      Property property = Property.of(parameter);
      if (property.name().isEmpty()) {
        throw new IllegalArgumentException(
            "A parameter of "
                + method
                + " has no name: give it @ToolParam(name = …) or compile with -parameters");
      }
      properties.add(property);
    }
    String name = annotation.name().isEmpty() ? method.getName() : annotation.name();
    @Nullable Object receiver = Modifier.isStatic(method.getModifiers()) ? null : target;
    method.setAccessible(true);
    return tool(
        name,
        annotation.value(),
        properties,
        arguments -> method.invoke(receiver, JavaReader.values(arguments, properties)));
  }

  private static Tool ofRecord(Class<?> type) {
    ToolMethod annotation = type.getAnnotation(ToolMethod.class);
    if (annotation == null || !Property.isRecord(type) || !Callable.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          type.getName() + " is no tool: it must be a record with @ToolMethod and a Callable");
    }
    String simple = type.getSimpleName();
    String name = annotation.name().isEmpty() ? simple.toLowerCase(Locale.ROOT) : annotation.name();
    return tool(
        name,
        annotation.value(),
        Property.of(type),
        arguments -> ((Callable<?>) JavaReader.object(arguments, type)).call());
  }

  private interface Body {
    @Nullable Object run(Map<?, ?> arguments) throws Exception;
  }

  private static Tool tool(String name, String description, List<Property> arguments, Body body) {
    String schema = JavaSchema.ofArguments(arguments);
    ToolDefinition definition = new ToolDefinition(name, description, schema);
    return new Tool() {
      @Override
      public ToolDefinition definition() {
        return definition;
      }

      @Override
      public String call(String given) throws Exception {
        String problem = ArgumentCheck.problem(schema, given);
        if (problem != null) {
          throw new IllegalArgumentException(problem);
        }
        Object parsed = Json.parse(given);
        Object result;
        try {
          result = body.run(parsed instanceof Map<?, ?> map ? map : Map.of());
        } catch (InvocationTargetException e) {
          throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return result instanceof CharSequence text ? text.toString() : JavaWriter.write(result);
      }
    };
  }
}
