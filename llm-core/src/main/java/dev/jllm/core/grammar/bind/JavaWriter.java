package dev.jllm.core.grammar.bind;

import dev.jllm.core.json.Json;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes JSON of objects, as {@link JavaReader} reads it. */
public final class JavaWriter {
  private JavaWriter() {}

  /**
   * Writes a value: records as objects, collections and arrays as arrays, maps, numbers, truth
   * values and null as what they are, and all else as a string.
   *
   * @throws IllegalArgumentException if a record's members cannot be read
   */
  public static String write(@Nullable Object value) {
    return Json.write(json(value));
  }

  private static @Nullable Object json(@Nullable Object value) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Optional<?> optional) {
      return json(optional.orElse(null));
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, one) -> copy.put(String.valueOf(key), json(one)));
      return copy;
    }
    if (value instanceof Collection<?> all) {
      List<@Nullable Object> copy = new ArrayList<>();
      all.forEach(one -> copy.add(json(one)));
      return copy;
    }
    if (value.getClass().isArray()) {
      List<@Nullable Object> copy = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        copy.add(json(Array.get(value, i)));
      }
      return copy;
    }
    return Property.isRecord(value.getClass()) ? members(value) : value.toString();
  }

  private static Map<String, @Nullable Object> members(Object record) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (Property property : Property.of(record.getClass())) {
      Field field = property.field();
      if (field != null) {
        try {
          field.setAccessible(true);
          members.put(property.name(), json(field.get(record)));
        } catch (IllegalAccessException e) {
          throw new IllegalArgumentException(
              "cannot read " + field + "; its package must be open to this module", e);
        }
      }
    }
    return members;
  }
}
