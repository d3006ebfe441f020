package dev.jllm.gguf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key/value entries of a GGUF file. Values are {@link Byte}, {@link Short}, {@link Integer},
 * {@link Long} (unsigned ones as the same bits), {@link Float}, {@link Double}, {@link Boolean},
 * {@link String}, or arrays of them ({@code byte[] short[] int[] long[] float[] double[] boolean[]
 * String[] Object[]}, the last for nested arrays).
 */
public final class GgufMetadata {
  private final Map<String, Object> entries;

  /** Wraps {@code entries}, in file order. */
  public GgufMetadata(Map<String, Object> entries) {
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** All entries in file order. */
  public Map<String, Object> entries() {
    return entries;
  }

  /** Whether there is an entry of this name. */
  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /** The raw value, or null. */
  public @Nullable Object get(String key) {
    return entries.get(key);
  }

  /** The string at {@code key}, or null where absent. */
  public @Nullable String string(String key) {
    Object v = entries.get(key);
    if (v == null) {
      return null;
    }
    if (v instanceof String s) {
      return s;
    }
    throw wrong(key, v, "a string");
  }

  /** The string at {@code key}, or {@code fallback}. */
  public String string(String key, String fallback) {
    String s = string(key);
    return s == null ? fallback : s;
  }

  /** The integer at {@code key}, or {@code fallback}; for an array, its first element. */
  public int integer(String key, int fallback) {
    Object v = entries.get(key);
    if (v == null) {
      return fallback;
    }
    if (v instanceof Number n && !(v instanceof Float) && !(v instanceof Double)) {
      return n.intValue();
    }
    throw wrong(key, v, "an integer");
  }

  /** The number at {@code key}, or {@code fallback}. */
  public float number(String key, float fallback) {
    Object v = entries.get(key);
    if (v == null) {
      return fallback;
    }
    if (v instanceof Number n) {
      return n.floatValue();
    }
    throw wrong(key, v, "a number");
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
    throw wrong(key, v, "true or false");
  }

  /** The array of strings at {@code key}, or null where absent. */
  public @Nullable List<String> strings(String key) {
    Object v = entries.get(key);
    if (v == null) {
      return null;
    }
    if (v instanceof String[] a) {
      return List.of(a);
    }
    throw wrong(key, v, "an array of strings");
  }

  /** The array of integers at {@code key}, or null where absent. */
  public int @Nullable [] integers(String key) {
    Object v = entries.get(key);
    if (v == null) {
      return null;
    }
    if (v instanceof int[] a) {
      return a.clone();
    }
    throw wrong(key, v, "an array of integers");
  }

  /** The array of floats at {@code key}, or null where absent. */
  public float @Nullable [] floats(String key) {
    Object v = entries.get(key);
    if (v == null) {
      return null;
    }
    if (v instanceof float[] a) {
      return a.clone();
    }
    throw wrong(key, v, "an array of floats");
  }

  private static ModelFormatException wrong(String key, Object value, String wanted) {
    return new ModelFormatException(
        "metadata entry '"
            + key
            + "' should be "
            + wanted
            + ", but holds "
            + value.getClass().getSimpleName());
  }
}
