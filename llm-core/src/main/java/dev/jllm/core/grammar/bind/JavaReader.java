package dev.jllm.core.grammar.bind;

import dev.jllm.core.json.Json;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes objects of JSON that is valid under the {@link JavaSchema} of their class. */
public final class JavaReader {
  private JavaReader() {}

  /**
   * Reads a value of the type.
   *
   * @throws IllegalArgumentException if the JSON does not fit the type, or the class cannot be
   *     made: records by their constructor, other classes by one without parameters or, as Kotlin's
   *     data classes, one of their fields
   */
  public static <T> @Nullable T read(String json, Class<T> type) {
    @SuppressWarnings("unchecked")
    T value = (T) convert(Json.parse(json), type, "$");
    return value;
  }

  /** Reads a value of a type that may have type arguments. */
  public static @Nullable Object read(String json, Type type) {
    return convert(Json.parse(json), type, "$");
  }

  private static @Nullable Object convert(@Nullable Object value, Type type, String where) {
    if (type instanceof WildcardType wildcard) {
      return convert(value, wildcard.getUpperBounds()[0], where);
    }
    if (type instanceof GenericArrayType generic) {
      return value == null ? null : array(value, generic.getGenericComponentType(), where);
    }
    if (type instanceof ParameterizedType parameterized
        && parameterized.getRawType() instanceof Class<?> raw) {
      return generic(value, raw, parameterized.getActualTypeArguments(), where);
    }
    if (!(type instanceof Class<?> c)) {
      throw wrong(where, value, type);
    }
    if (value == null) {
      if (c.isPrimitive()) {
        throw wrong(where, null, type);
      }
      return null;
    }
    return plain(value, c, where);
  }

  private static Object array(Object value, Type element, String where) {
    if (!(value instanceof List<?> list)) {
      throw wrong(where, value, element);
    }
    Object array = Array.newInstance(raw(element), list.size());
    for (int i = 0; i < list.size(); i++) {
      Array.set(array, i, convert(list.get(i), element, where + "[" + i + "]"));
    }
    return array;
  }

  private static Class<?> raw(Type type) {
    if (type instanceof GenericArrayType generic) {
      return Array.newInstance(raw(generic.getGenericComponentType()), 0).getClass();
    }
    if (type instanceof ParameterizedType parameterized) {
      return raw(parameterized.getRawType());
    }
    return type instanceof Class<?> c ? c : Object.class;
  }

  private static @Nullable Object generic(
      @Nullable Object value, Class<?> raw, Type[] arguments, String where) {
    if (raw == Optional.class) {
      return value == null
          ? Optional.empty()
          : Optional.ofNullable(convert(value, arguments[0], where));
    }
    if (value == null) {
      return null;
    }
    if (value instanceof Map<?, ?> map && Map.class.isAssignableFrom(raw)) {
      Map<String, @Nullable Object> out = new LinkedHashMap<>();
      map.forEach((k, v) -> out.put(String.valueOf(k), convert(v, arguments[1], where + "." + k)));
      return out;
    }
    if (value instanceof List<?> list) {
      Collection<@Nullable Object> out =
          Set.class.isAssignableFrom(raw) ? new LinkedHashSet<>() : new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        out.add(convert(list.get(i), arguments[0], where + "[" + i + "]"));
      }
      return out;
    }
    throw wrong(where, value, raw);
  }

  private static Object plain(Object value, Class<?> type, String where) {
    if (type.isInstance(value)) {
      return value;
    }
    if (value instanceof Number number) {
      return number(number, type, where);
    }
    if (value instanceof Boolean && (type == boolean.class || type == Boolean.class)) {
      return value;
    }
    if (value instanceof String text) {
      return text(text, type, where);
    }
    if (type.isArray()) {
      return array(value, type.getComponentType(), where);
    }
    if (value instanceof List && Collection.class.isAssignableFrom(type)) {
      return generic(value, type, new Type[] {Object.class}, where);
    }
    if (value instanceof Map<?, ?> map) {
      return object(map, type, where);
    }
    throw wrong(where, value, type);
  }

  private static Object number(Number number, Class<?> type, String where) {
    try {
      BigDecimal decimal =
          number instanceof BigInteger big
              ? new BigDecimal(big)
              : number instanceof Long whole
                  ? BigDecimal.valueOf(whole)
                  : BigDecimal.valueOf(number.doubleValue());
      if (type == int.class || type == Integer.class) {
        return decimal.intValueExact();
      }
      if (type == long.class || type == Long.class) {
        return decimal.longValueExact();
      }
      if (type == short.class || type == Short.class) {
        return decimal.shortValueExact();
      }
      if (type == byte.class || type == Byte.class) {
        return decimal.byteValueExact();
      }
      if (type == BigInteger.class) {
        return decimal.toBigIntegerExact();
      }
      if (JavaSchema.isDecimal(type)) {
        return decimal;
      }
    } catch (ArithmeticException e) {
      throw wrong(where, number, type);
    }
    if (type == double.class || type == Double.class) {
      return number.doubleValue();
    }
    if (type == float.class || type == Float.class) {
      return number.floatValue();
    }
    throw wrong(where, number, type);
  }

  private static Object text(String text, Class<?> type, String where) {
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(text)) {
          return constant;
        }
      }
    } else if (type == char.class || type == Character.class) {
      if (text.length() == 1) {
        return text.charAt(0);
      }
    } else if (type == LocalDate.class) {
      return LocalDate.parse(text);
    } else if (type == OffsetDateTime.class) {
      return OffsetDateTime.parse(text);
    } else if (type == Instant.class) {
      return OffsetDateTime.parse(text).toInstant();
    } else if (type == UUID.class) {
      return UUID.fromString(text);
    }
    throw wrong(where, text, type);
  }

  /** An object of a class whose members have these values; as {@link #read(String, Class)}. */
  public static Object object(Map<?, ?> members, Class<?> type) {
    return object(members, type, "$");
  }

  /**
   * The values of the members of an object; what is absent and may be is null, zero, false or an
   * empty {@link Optional}.
   *
   * @throws IllegalArgumentException if one does not fit its type
   */
  public static @Nullable Object[] values(Map<?, ?> members, List<Property> properties) {
    return values(members, properties, "$");
  }

  private static @Nullable Object[] values(
      Map<?, ?> members, List<Property> properties, String where) {
    @Nullable Object[] values = new @Nullable Object[properties.size()];
    for (int i = 0; i < values.length; i++) {
      Property property = properties.get(i);
      Object value = members.get(property.name());
      if (value == null && property.optional() && property.raw().isPrimitive()) {
        values[i] = Array.get(Array.newInstance(property.raw(), 1), 0);
      } else {
        values[i] = convert(value, property.type(), where + "." + property.name());
      }
    }
    return values;
  }

  private static Object object(Map<?, ?> map, Class<?> type, String where) {
    List<Property> properties = Property.of(type);
    @Nullable Object[] values = values(map, properties, where);
    try {
      Class<?>[] types = properties.stream().map(Property::raw).toArray(Class<?>[]::new);
      if (Property.isRecord(type) || takesAll(type, types)) {
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
      }
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Object made = constructor.newInstance();
      for (int i = 0; i < values.length; i++) {
        Field field = properties.get(i).field();
        if (field != null && map.containsKey(properties.get(i).name())) {
          field.setAccessible(true);
          field.set(made, values[i]);
        }
      }
      return made;
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          where + ": " + type.getName() + " refused the values: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          where
              + ": cannot make "
              + type.getName()
              + "; it needs to be a record, or to have a constructor without parameters or one that"
              + " takes its fields in their order, in a package that is open to this module",
          e);
    }
  }

  /** Whether a class is made as a record is, by a constructor of its fields, and only so. */
  private static boolean takesAll(Class<?> type, Class<?>[] fields) {
    boolean all = false;
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == 0) {
        return false;
      }
      all |= Arrays.equals(constructor.getParameterTypes(), fields);
    }
    return all;
  }

  private static IllegalArgumentException wrong(String where, @Nullable Object value, Type type) {
    String shown = Json.write(value);
    return new IllegalArgumentException(
        where
            + ": "
            + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown)
            + " is no "
            + JavaSchema.name(type));
  }
}
