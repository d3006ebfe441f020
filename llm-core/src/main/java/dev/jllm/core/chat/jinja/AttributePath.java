package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code attribute} of a filter: names and indices separated by dots. */
final class AttributePath {
  private final List<Object> parts;
  private final @Nullable Object fallback;

  private AttributePath(List<Object> parts, @Nullable Object fallback) {
    this.parts = parts;
    this.fallback = fallback;
  }

  /** From None (the item itself), a number or a dotted text. */
  static AttributePath of(Object attribute, @Nullable Object fallback) {
    List<Object> parts = new ArrayList<>();
    if (attribute instanceof Text t) {
      String s = t.string();
      int at = 0;
      while (at <= s.length()) {
        int dot = s.indexOf('.', at);
        int end = dot < 0 ? s.length() : dot;
        String part = s.substring(at, end);
        boolean index = !part.isEmpty() && part.codePoints().allMatch(Character::isDigit);
        java.math.BigInteger n = index ? NumberFilters.parse(part, 10) : null;
        parts.add(n != null ? Values.integer(n) : Text.untrusted(part));
        at = end + 1;
      }
    } else if (attribute != None.NONE) {
      parts.add(attribute);
    }
    return new AttributePath(parts, fallback == None.NONE ? null : fallback);
  }

  /** Several paths separated by commas, as {@code sort} takes them. */
  static List<AttributePath> several(Object attribute) {
    List<AttributePath> paths = new ArrayList<>();
    if (attribute instanceof Text t) {
      for (String part : t.string().split(",", -1)) {
        paths.add(of(Text.untrusted(part), null));
      }
    } else {
      paths.add(of(attribute, null));
    }
    return paths;
  }

  Object get(Object item) {
    Object value = item;
    for (Object part : parts) {
      value = Attributes.item(value, part);
      if (fallback != null && value instanceof Undefined) {
        value = fallback;
      }
    }
    return value;
  }

  static Object ignoreCase(Object value) {
    return value instanceof Text t ? t.map(s -> s.toLowerCase(java.util.Locale.ROOT)) : value;
  }
}
