package dev.jllm.gguf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key/value entries of a GGUF file, in file order. The accessors convert between the widths of
 * whole numbers and refuse, with the entry's name, what does not fit; raw values are described at
 * {@link GgufValue#value}. Immutable, and valid after the file was closed.
 */
public final class GgufMetadata {
  private final Map<String, GgufValue> values;
  private final Map<String, Object> entries;

  private GgufMetadata(Map<String, GgufValue> values, Map<String, Object> entries) {
    this.values = Collections.unmodifiableMap(values);
    this.entries = Collections.unmodifiableMap(entries);
  }

  /** Entries of the types that {@link GgufValue#of} gives the values. */
  public GgufMetadata(Map<String, Object> entries) {
    this(typed(entries), new LinkedHashMap<>(entries));
  }

  /** Entries with their types. */
  public static GgufMetadata of(Map<String, GgufValue> values) {
    Map<String, Object> raw = new LinkedHashMap<>();
    values.forEach((key, value) -> raw.put(key, value.value()));
    return new GgufMetadata(new LinkedHashMap<>(values), raw);
  }

  private static Map<String, GgufValue> typed(Map<String, Object> entries) {
    Map<String, GgufValue> values = new LinkedHashMap<>();
    entries.forEach((key, value) -> values.put(key, GgufValue.of(value)));
    return values;
  }

  /** All entries in file order, as raw values. */
  public Map<String, Object> entries() {
    return entries;
  }

  /** All entries in file order, with their types. */
  public Map<String, GgufValue> values() {
    return values;
  }

  /** Whether there is an entry of this name. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The raw value, or null. */
  public @Nullable Object get(String key) {
    return entries.get(key);
  }

  /** The string at {@code key}, or null where absent; bytes that are no UTF-8 became U+FFFD. */
  public @Nullable String string(String key) {
    Object v = entries.get(key);
    if (v == null || v instanceof String) {
      return (String) v;
    }
    throw wrong(key, "a string");
  }

  /** The string at {@code key}, or {@code fallback}. */
  public String string(String key, String fallback) {
    String s = string(key);
    return s == null ? fallback : s;
  }

  /**
   * The whole number at {@code key}, or {@code fallback}; for an array, its first element.
   *
   * @throws ModelFormatException if it is no whole number, or beyond the range of int
   */
  public int integer(String key, int fallback) {
    long value = longInteger(key, fallback);
    if (value != (int) value) {
      throw outside(key, Long.toString(value), "32");
    }
    return (int) value;
  }

  /**
   * The whole number at {@code key}, or {@code fallback}; for an array, its first element.
   *
   * @throws ModelFormatException if it is no whole number, or beyond the range of long
   */
  public long longInteger(String key, long fallback) {
    GgufValue v = values.get(key);
    if (v == null || v.length() == 0) {
      return fallback;
    }
    return wholeNumber(key, v, 0, "a whole number");
  }

  /** The number at {@code key}, or {@code fallback}. */
  public float number(String key, float fallback) {
    GgufValue v = values.get(key);
    if (v == null) {
      return fallback;
    }
    if (v.type() == GgufValueType.FLOAT32 || v.type() == GgufValueType.FLOAT64) {
      return ((Number) v.value()).floatValue();
    }
    if (v.type() == GgufValueType.ARRAY) {
      throw wrong(key, "a number");
    }
    return wholeNumber(key, v, 0, "a number");
  }

  /** The truth value at {@code key}, or {@code fallback}. */
  public boolean bool(String key, boolean fallback) {
    Object v = entries.get(key);
    if (v == null) {
      return fallback;
    }
    if (v instanceof Boolean b) {
      return b;
    }
    throw wrong(key, "true or false");
  }

  /**
   * The array of strings at {@code key}, or null where absent. No copy: see {@link GgufStrings}.
   */
  public @Nullable List<String> strings(String key) {
    GgufValue v = values.get(key);
    if (v == null || v.value() instanceof GgufStrings) {
      return v == null ? null : (GgufStrings) v.value();
    }
    throw wrong(key, "an array of strings");
  }

  /** A copy of the array of whole numbers (or truth values: 0, 1) at {@code key}, or null. */
  public int @Nullable [] integers(String key) {
    GgufValue v = values.get(key);
    if (v == null) {
      return null;
    }
    if (v.elementType() == GgufValueType.INT32) {
      return ((int[]) v.value()).clone();
    }
    if (v.type() != GgufValueType.ARRAY) {
      throw wrong(key, "an array of whole numbers");
    }
    int[] result = new int[v.length()];
    for (int i = 0; i < result.length; i++) {
      if (v.value() instanceof boolean[] flags) {
        result[i] = flags[i] ? 1 : 0;
        continue;
      }
      long value = wholeNumber(key, v, i, "an array of whole numbers");
      if (value != (int) value) {
        throw outside(key, Long.toString(value), "32");
      }
      result[i] = (int) value;
    }
    return result;
  }

  /** A copy of the array of floats at {@code key}, or null where absent. */
  public float @Nullable [] floats(String key) {
    Object v = entries.get(key);
    if (v == null) {
      return null;
    }
    if (v instanceof float[] a) {
      return a.clone();
    }
    if (v instanceof double[] a) {
      float[] result = new float[a.length];
      for (int i = 0; i < a.length; i++) {
        result[i] = (float) a[i];
      }
      return result;
    }
    throw wrong(key, "an array of floats");
  }

  private long wholeNumber(String key, GgufValue v, int index, String wanted) {
    GgufValueType numbers = v.elementType() == null ? v.type() : v.elementType();
    if (!numbers.isInteger()) {
      throw wrong(key, wanted);
    }
    try {
      return v.wholeNumber(index);
    } catch (ArithmeticException e) {
      throw outside(key, String.valueOf(e.getMessage()), "64");
    }
  }

  private static ModelFormatException outside(String key, String value, String bits) {
    return new ModelFormatException(
        "metadata entry '"
            + key
            + "' is "
            + value
            + ", which is no signed number of "
            + bits
            + " bits; the file is damaged or not meant for this use");
  }

  private ModelFormatException wrong(String key, String wanted) {
    GgufValue v = values.get(key);
    String found = v == null ? "nothing" : String.valueOf(v.type());
    if (v != null && v.elementType() != null) {
      found += " of " + v.elementType();
    }
    return new ModelFormatException(
        "metadata entry '"
            + key
            + "' should be "
            + wanted
            + ", but is "
            + found
            + "; the file is damaged or was converted wrongly");
  }
}
