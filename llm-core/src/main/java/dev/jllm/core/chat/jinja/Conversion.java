package dev.jllm.core.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java values as a template's variables. */
final class Conversion {
  private static final int MAX_DEPTH = 200;

  private Conversion() {}

  /**
   * A String becomes untrusted text; {@link Text} keeps its marks; maps, lists, numbers, booleans
   * and null become what they are in Python.
   */
  static Object value(@Nullable Object v) {
    return value(v, 0);
  }

  private static Object value(@Nullable Object v, int depth) {
    if (v == null) {
      return None.NONE;
    } else if (v instanceof String s) {
      return Text.untrusted(s);
    } else if (v instanceof Text || v instanceof Boolean || v instanceof Long) {
      return v;
    } else if (v instanceof Integer || v instanceof Short || v instanceof Byte) {
      return ((Number) v).longValue();
    } else if (v instanceof Double || v instanceof Float || v instanceof BigDecimal) {
      return ((Number) v).doubleValue();
    } else if (v instanceof BigInteger b) {
      return Values.integer(b);
    }
    if (depth > MAX_DEPTH) {
      throw new JinjaException("A variable nests deeper than " + MAX_DEPTH + ".");
    }
    if (v instanceof Map<?, ?> map) {
      DictValue dict = new DictValue();
      map.forEach((key, item) -> dict.put(value(key, depth + 1), value(item, depth + 1)));
      return dict;
    } else if (v instanceof Iterable<?> items) {
      List<Object> list = new ArrayList<>();
      items.forEach(item -> list.add(value(item, depth + 1)));
      return new ListValue(list);
    }
    throw new JinjaException(
        "A variable is of " + v.getClass().getName() + ": give maps, lists, texts and numbers.");
  }
}
