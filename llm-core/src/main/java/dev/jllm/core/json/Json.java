package dev.jllm.core.json;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) as plain Java values.
 *
 * <p>An object is a {@code LinkedHashMap<String, Object>} in the order of the text, an array an
 * {@code ArrayList<Object>}, a string a {@code String}, {@code true} and {@code false} a {@code
 * Boolean}, {@code null} is null. A number with neither fraction nor exponent is a {@code Long} (a
 * {@code BigInteger} where it does not fit), any other a {@code Double}.
 */
public final class Json {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private Json() {}

  /**
   * Reads one value that fills the whole text, white space around it aside. Of repeated keys the
   * last wins.
   *
   * @throws JsonException if the text is anything else, or is nested deeper than {@value
   *     JsonReader#MAX_DEPTH}
   */
  public static @Nullable Object parse(String text) {
    return new JsonReader(text).readAll();
  }

  /**
   * Writes maps, collections, strings, booleans, numbers and nulls without white space. What is
   * none of these is written as the string that {@code toString} gives; numbers that JSON cannot
   * say (NaN, infinities) as null.
   */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  /** Appends the value to {@code out}, as {@link #write(Object)}. */
  public static void write(@Nullable Object value, StringBuilder out) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number number) {
      writeNumber(number, out);
    } else if (value instanceof Map<?, ?> map) {
      char separator = '{';
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(separator);
        quote(String.valueOf(entry.getKey()), out);
        out.append(':');
        write(entry.getValue(), out);
        separator = ',';
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Collection<?> list) {
      char separator = '[';
      for (Object element : list) {
        out.append(separator);
        write(element, out);
        separator = ',';
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else {
      quote(value.toString(), out);
    }
  }

  private static void writeNumber(Number number, StringBuilder out) {
    boolean whole =
        number instanceof Long
            || number instanceof Integer
            || number instanceof Short
            || number instanceof Byte
            || number instanceof BigInteger;
    double value = number.doubleValue();
    out.append(whole || !Double.isNaN(value) && !Double.isInfinite(value) ? number : null);
  }

  /** The text as a JSON string, in quotes. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(text, out);
    return out.toString();
  }

  /** Appends the text as a JSON string, in quotes. */
  public static void quote(CharSequence text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      escape(text.charAt(i), out);
    }
    out.append('"');
  }

  /** Appends one character of a JSON string, escaped where JSON asks for it. */
  public static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> {
        if (c < 0x20) {
          out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        } else {
          out.append(c);
        }
      }
    }
  }
}
