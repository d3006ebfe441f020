package dev.jllm.core.chat.tools;

import dev.jllm.api.ToolParam;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON schemas of Java types, and values of the types from JSON: strings, numbers, booleans, enums,
 * arrays, lists and sets, maps with string keys, optionals, and records of these.
 *
 * <p>Records are read through their fields and their constructor, as Android before level 34 has no
 * reflection of its own for them.
 */
final class JavaSchema {
  private static final int MAX_DEPTH = 16;

  private JavaSchema() {}

  /** An argument or component. */
  record Slot(String name, Type type, String description, boolean required) {
    static Slot of(String javaName, Type type, AnnotatedElement element) {
      ToolParam param = element.getAnnotation(ToolParam.class);
      boolean optional = raw(type) == Optional.class;
      if (param == null) {
        return new Slot(javaName, type, "", !optional);
      }
      String name = param.name().isEmpty() ? javaName : param.name();
      return new Slot(name, type, param.value(), param.required() && !optional);
    }
  }

  /** The schema of an object with these members. */
  static Map<String, Object> object(List<Slot> slots, int depth) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Slot slot : slots) {
      Map<String, Object> property = of(slot.type(), depth + 1);
      if (!slot.description().isEmpty()) {
        property.put("description", slot.description());
      }
      properties.put(slot.name(), property);
      if (slot.required()) {
        required.add(slot.name());
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, Object> of(Type type, int depth) {
    Class<?> raw = raw(type);
    Map<String, Object> schema = new LinkedHashMap<>();
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "The type " + raw(type).getName() + " nests deeper than " + MAX_DEPTH + " levels");
    }
    if (CharSequence.class.isAssignableFrom(raw)) {
      schema.put("type", "string");
    } else if (isWhole(raw)) {
      schema.put("type", "integer");
    } else if (isReal(raw)) {
      schema.put("type", "number");
    } else if (raw == boolean.class || raw == Boolean.class) {
      schema.put("type", "boolean");
    } else if (raw.isEnum()) {
      List<String> names = new ArrayList<>();
      for (Object constant : raw.getEnumConstants()) {
        names.add(((Enum<?>) constant).name());
      }
      schema.put("type", "string");
      schema.put("enum", names);
    } else if (raw == Optional.class) {
      return of(argument(type, 0), depth);
    } else if (raw.isArray() || Collection.class.isAssignableFrom(raw)) {
      schema.put("type", "array");
      schema.put("items", of(element(type), depth + 1));
    } else if (Map.class.isAssignableFrom(raw)) {
      schema.put("type", "object");
      schema.put("additionalProperties", of(argument(type, 1), depth + 1));
    } else if (isRecord(raw)) {
      return object(components(raw), depth);
    } else if (raw != Object.class) {
      throw new IllegalArgumentException(
          "The type "
              + raw(type).getName()
              + " has no JSON form; use strings, numbers, booleans, enums, arrays, lists, maps,"
              + " optionals or records");
    }
    return schema;
  }

  static boolean isRecord(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    // Android's tools give records a base of their own.
    return parent != null
        && (parent.getName().equals("java.lang.Record") || parent.getName().endsWith("RecordTag"));
  }

  static List<Slot> components(Class<?> record) {
    List<Slot> slots = new ArrayList<>();
    for (Field field : record.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        slots.add(Slot.of(field.getName(), field.getGenericType(), field));
      }
    }
    return slots;
  }

  static Object newRecord(Class<?> record, Map<?, ?> members) throws ReflectiveOperationException {
    List<Slot> slots = components(record);
    Class<?>[] types = new Class<?>[slots.size()];
    @Nullable Object[] values = new @Nullable Object[slots.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = raw(slots.get(i).type());
      values[i] = value(slots.get(i).type(), members.get(slots.get(i).name()));
    }
    Constructor<?> constructor = record.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  /** The value of a type that JSON stands for; what is absent is null, zero, false or empty. */
  static @Nullable Object value(Type type, @Nullable Object json)
      throws ReflectiveOperationException {
    Class<?> raw = raw(type);
    if (raw == Optional.class) {
      return Optional.ofNullable(json == null ? null : value(argument(type, 0), json));
    }
    if (json == null) {
      return raw == boolean.class
          ? Boolean.FALSE
          : raw == char.class ? (Object) '\0' : raw.isPrimitive() ? number(raw, 0L) : null;
    }
    if (json instanceof Number number && (isWhole(raw) || isReal(raw))) {
      return number(raw, number);
    }
    if (json instanceof String text && raw.isEnum()) {
      for (Object constant : raw.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(text)) {
          return constant;
        }
      }
    }
    if (json instanceof List<?> list && raw.isArray()) {
      Object array = java.lang.reflect.Array.newInstance(raw(element(type)), list.size());
      for (int i = 0; i < list.size(); i++) {
        java.lang.reflect.Array.set(array, i, value(element(type), list.get(i)));
      }
      return array;
    }
    if (json instanceof List<?> list && Collection.class.isAssignableFrom(raw)) {
      Collection<@Nullable Object> values =
          java.util.Set.class.isAssignableFrom(raw)
              ? new java.util.LinkedHashSet<>()
              : new ArrayList<>();
      for (Object one : list) {
        values.add(value(element(type), one));
      }
      return values;
    }
    if (json instanceof Map<?, ?> map && Map.class.isAssignableFrom(raw)) {
      Map<Object, @Nullable Object> values = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        values.put(entry.getKey(), value(argument(type, 1), entry.getValue()));
      }
      return values;
    }
    if (json instanceof Map<?, ?> map && isRecord(raw)) {
      return newRecord(raw, map);
    }
    return json;
  }

  private static Object number(Class<?> type, Number n) {
    if (type == int.class || type == Integer.class) {
      return n.intValue();
    }
    if (type == long.class || type == Long.class) {
      return n.longValue();
    }
    if (type == short.class || type == Short.class) {
      return n.shortValue();
    }
    if (type == byte.class || type == Byte.class) {
      return n.byteValue();
    }
    return type == float.class || type == Float.class ? (Object) n.floatValue() : n.doubleValue();
  }

  private static boolean isWhole(Class<?> type) {
    return type == int.class
        || type == long.class
        || type == short.class
        || type == byte.class
        || type == Integer.class
        || type == Long.class
        || type == Short.class
        || type == Byte.class;
  }

  private static boolean isReal(Class<?> type) {
    return type == double.class
        || type == float.class
        || type == Double.class
        || type == Float.class
        || type == Number.class;
  }

  static Class<?> raw(Type type) {
    if (type instanceof Class<?> c) {
      return c;
    }
    if (type instanceof ParameterizedType p) {
      return raw(p.getRawType());
    }
    if (type instanceof GenericArrayType a) {
      return java.lang.reflect.Array.newInstance(raw(a.getGenericComponentType()), 0).getClass();
    }
    return Object.class;
  }

  private static Type element(Type type) {
    if (type instanceof GenericArrayType a) {
      return a.getGenericComponentType();
    }
    Class<?> component = raw(type).getComponentType();
    return component == null ? argument(type, 0) : component;
  }

  private static Type argument(Type type, int index) {
    return type instanceof ParameterizedType p && index < p.getActualTypeArguments().length
        ? p.getActualTypeArguments()[index]
        : Object.class;
  }

  /** A result as JSON's values: records become maps. */
  static @Nullable Object toJson(@Nullable Object value) throws ReflectiveOperationException {
    if (value instanceof Optional<?> optional) {
      return toJson(optional.orElse(null));
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        copy.put(String.valueOf(entry.getKey()), toJson(entry.getValue()));
      }
      return copy;
    }
    if (value instanceof Collection<?> all) {
      List<@Nullable Object> copy = new ArrayList<>();
      for (Object one : all) {
        copy.add(toJson(one));
      }
      return copy;
    }
    if (value != null && value.getClass().isArray()) {
      List<@Nullable Object> copy = new ArrayList<>();
      for (int i = 0; i < java.lang.reflect.Array.getLength(value); i++) {
        copy.add(toJson(java.lang.reflect.Array.get(value, i)));
      }
      return copy;
    }
    if (value != null && isRecord(value.getClass())) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      for (Field field : value.getClass().getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          members.put(field.getName(), toJson(field.get(value)));
        }
      }
      return members;
    }
    return value;
  }
}
