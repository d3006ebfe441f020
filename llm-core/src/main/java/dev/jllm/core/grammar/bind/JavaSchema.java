package dev.jllm.core.grammar.bind;

import dev.jllm.core.json.Json;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema of a Java class.
 *
 * <p>Records and plain classes become objects whose properties come in the order of declaration and
 * are required, but for {@link Optional} ones and those marked {@code @Nullable}. Known besides:
 * strings, numbers, booleans, enums (by name), arrays and collections, maps with string keys,
 * {@link LocalDate}, {@link Instant}, {@link OffsetDateTime}, {@link UUID}, {@link Object}
 * (anything). A class may contain itself. {@link dev.jllm.api.ToolParam} names and describes
 * members.
 *
 * <p>On Android below API level 34 records are ordinary classes: keep the names of their fields (an
 * R8 rule {@code -keepclassmembers}) and their order.
 */
public final class JavaSchema {
  private final Map<Class<?>, String> names = new HashMap<>();
  private final Map<String, Map<String, Object>> definitions = new LinkedHashMap<>();

  /** The places that refer to each definition. */
  private final Map<String, List<Map<String, Object>>> uses = new HashMap<>();

  /** Whether a model reads the schema: then it leaves out what only a parser needs. */
  private final boolean read;

  private JavaSchema(boolean read) {
    this.read = read;
  }

  /**
   * The schema as JSON text.
   *
   * @throws IllegalArgumentException if a type cannot be described, with the way to it
   */
  public static String of(Type type) {
    JavaSchema schemas = new JavaSchema(false);
    return schemas.write(schemas.schema(type, name(type)));
  }

  /**
   * The schema of an object of arguments, as JSON text. Templates put it into the prompt, and the
   * arguments are converted in any case: so whole numbers have no limits, and what may be absent is
   * not null besides.
   *
   * @throws IllegalArgumentException if a type cannot be described, with the way to it
   */
  public static String ofArguments(List<Property> arguments) {
    JavaSchema schemas = new JavaSchema(true);
    Map<String, Object> object = new LinkedHashMap<>();
    schemas.describe(object, arguments, "$");
    return schemas.write(object);
  }

  private String write(Map<String, Object> root) {
    // What is used once stands where it is used.
    uses.forEach(
        (name, places) -> {
          if (places.size() == 1) {
            places.get(0).remove("$ref");
            places.get(0).putAll(definitions.remove(name));
          }
        });
    if (!definitions.isEmpty()) {
      root.put("$defs", definitions);
    }
    return Json.write(root);
  }

  private Map<String, Object> schema(Type type, String where) {
    if (type instanceof Class<?> c) {
      return schemaOf(c, where);
    }
    if (type instanceof WildcardType wildcard) {
      return schema(wildcard.getUpperBounds()[0], where);
    }
    if (type instanceof GenericArrayType generic) {
      return array(generic.getGenericComponentType(), where + "[]");
    }
    if (type instanceof ParameterizedType parameterized
        && parameterized.getRawType() instanceof Class<?> raw) {
      Type[] arguments = parameterized.getActualTypeArguments();
      if (raw == Optional.class) {
        return nullable(schema(arguments[0], where));
      }
      if (Collection.class.isAssignableFrom(raw) || raw == Iterable.class) {
        return array(arguments[0], where + "[]");
      }
      if (Map.class.isAssignableFrom(raw) && arguments[0] == String.class) {
        Map<String, Object> map = simple("object");
        map.put("additionalProperties", schema(arguments[1], where + ".*"));
        return map;
      }
    }
    throw new IllegalArgumentException(
        where + ": " + name(type) + " has no JSON Schema; use a record or class");
  }

  private Map<String, Object> schemaOf(Class<?> type, String where) {
    boolean character = type == char.class || type == Character.class;
    if (type == String.class || type == CharSequence.class || character) {
      Map<String, Object> text = simple("string");
      if (character) {
        text.put("minLength", 1);
        text.put("maxLength", 1);
      }
      return text;
    }
    if (type == boolean.class || type == Boolean.class) {
      return simple("boolean");
    }
    long[] range = range(type);
    if (range != null) {
      Map<String, Object> integer = simple("integer");
      if (!read) {
        integer.put("minimum", range[0]);
        integer.put("maximum", range[1]);
      }
      return integer;
    }
    if (type == BigInteger.class) {
      return simple("integer");
    }
    if (type == double.class || type == float.class || Number.class.isAssignableFrom(type)) {
      return simple("number");
    }
    String format = format(type);
    if (format != null) {
      Map<String, Object> text = simple("string");
      text.put("format", format);
      return text;
    }
    if (type == Object.class) {
      return new LinkedHashMap<>();
    }
    if (type.isArray()) {
      return array(type.getComponentType(), where + "[]");
    }
    if (Collection.class.isAssignableFrom(type)) {
      return array(Object.class, where + "[]");
    }
    if (Map.class.isAssignableFrom(type)) {
      return simple("object");
    }
    if (type.isEnum()) {
      List<Object> values = new ArrayList<>();
      for (Object constant : type.getEnumConstants()) {
        values.add(((Enum<?>) constant).name());
      }
      Map<String, Object> constants = simple("string");
      constants.put("enum", values);
      return constants;
    }
    boolean described =
        !type.isInterface()
            && !Modifier.isAbstract(type.getModifiers())
            && !type.getName().startsWith("java.")
            && type.getTypeParameters().length == 0;
    if (!described) {
      throw new IllegalArgumentException(
          where
              + ": "
              + type.getName()
              + " has no JSON Schema; use a record or class without type"
              + " parameters");
    }
    return reference(type, where);
  }

  private Map<String, Object> reference(Class<?> type, String where) {
    String name = names.get(type);
    if (name == null) {
      name = type.getSimpleName();
      while (definitions.containsKey(name)) {
        name = name + "_";
      }
      names.put(type, name);
      Map<String, Object> object = new LinkedHashMap<>();
      definitions.put(name, object);
      uses.put(name, new ArrayList<>());
      describe(object, Property.of(type), where);
    }
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put("$ref", "#/$defs/" + name);
    uses.get(name).add(reference);
    return reference;
  }

  private void describe(Map<String, Object> object, List<Property> members, String where) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<Object> required = new ArrayList<>();
    for (Property property : members) {
      Map<String, Object> value = schema(property.type(), where + "." + property.name());
      if (property.optional() && property.raw() != Optional.class) {
        value = nullable(value);
      }
      if (!property.description().isEmpty()) {
        value.put("description", property.description());
      }
      properties.put(property.name(), value);
      if (!property.optional()) {
        required.add(property.name());
      }
    }
    object.put("type", "object");
    object.put("properties", properties);
    if (!required.isEmpty()) {
      object.put("required", required);
    }
    object.put("additionalProperties", false);
  }

  private Map<String, Object> array(Type element, String where) {
    Map<String, Object> array = simple("array");
    array.put("items", schema(element, where));
    return array;
  }

  private static Map<String, Object> simple(String type) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", type);
    return schema;
  }

  private Map<String, Object> nullable(Map<String, Object> schema) {
    if (read) {
      return schema;
    }
    Map<String, Object> either = new LinkedHashMap<>();
    either.put("anyOf", List.of(schema, simple("null")));
    return either;
  }

  private static long @Nullable [] range(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return new long[] {Integer.MIN_VALUE, Integer.MAX_VALUE};
    }
    if (type == long.class || type == Long.class) {
      return new long[] {Long.MIN_VALUE, Long.MAX_VALUE};
    }
    if (type == short.class || type == Short.class) {
      return new long[] {Short.MIN_VALUE, Short.MAX_VALUE};
    }
    return type == byte.class || type == Byte.class
        ? new long[] {Byte.MIN_VALUE, Byte.MAX_VALUE}
        : null;
  }

  private static @Nullable String format(Class<?> type) {
    if (type == LocalDate.class) {
      return "date";
    }
    if (type == Instant.class || type == OffsetDateTime.class) {
      return "date-time";
    }
    return type == UUID.class ? "uuid" : null;
  }

  static String name(Type type) {
    return type instanceof Class<?> c ? c.getName() : type.toString();
  }

  /** Whether a number type is one that {@link JavaReader} can make. */
  static boolean isDecimal(Class<?> type) {
    return type == BigDecimal.class || type == Number.class;
  }
}
