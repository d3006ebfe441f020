package dev.jllm.core.chat.jinja;

import java.math.BigInteger;

/** Python's {@code str.format}. */
final class BraceFormat {
  private final Rendering r;
  private final Args args;
  private final boolean markup;
  private int automatic;

  private BraceFormat(Rendering r, Args args, boolean markup) {
    this.r = r;
    this.args = args;
    this.markup = markup;
  }

  static Object format(Rendering r, Text format, Args args) {
    Text result = new BraceFormat(r, args, format.isMarkup()).run(format, 2);
    return format.isMarkup() ? result.asMarkup() : result;
  }

  static Object formatMap(Rendering r, Text format, Object mapping) {
    if (!(mapping instanceof DictValue d)) {
      throw new JinjaException("format_map() argument must be a mapping");
    }
    Args named = Args.NONE.copy();
    for (DictValue.Entry e : d.entries.values()) {
      if (e.key instanceof Text key) {
        named.named().put(key.string(), e.value);
      }
    }
    return format(r, format, named);
  }

  private Text run(Text format, int depth) {
    if (depth < 0) {
      throw new JinjaException("Max string recursion exceeded");
    }
    String s = format.string();
    TextBuilder out = r.builder();
    int at = 0;
    while (at < s.length()) {
      char c = s.charAt(at);
      if (c != '{' && c != '}') {
        int end = at;
        while (end < s.length() && s.charAt(end) != '{' && s.charAt(end) != '}') {
          end++;
        }
        out.append(format, at, end);
        at = end;
      } else if (at + 1 < s.length() && s.charAt(at + 1) == c) {
        out.append(format, at, at + 1);
        at += 2;
      } else if (c == '}') {
        throw new JinjaException("Single '}' encountered in format string");
      } else {
        int end = fieldEnd(s, at + 1);
        out.append(field(format.units(at + 1, end), depth));
        at = end + 1;
      }
    }
    return r.build(out);
  }

  private static int fieldEnd(String s, int from) {
    int depth = 1;
    for (int i = from; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '[') {
        // Braces within brackets are part of a key.
        int close = s.indexOf(']', i);
        i = close < 0 ? i : close;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i;
      }
    }
    throw new JinjaException(
        from >= s.length()
            ? "Single '{' encountered in format string"
            : "expected '}' before end of string");
  }

  /** A replacement field: name, !conversion, :specification. */
  private Text field(Text field, int depth) {
    r.step();
    String s = field.string();
    int end = 0;
    while (end < s.length() && s.charAt(end) != '!' && s.charAt(end) != ':') {
      if (s.charAt(end) == '[') {
        int close = s.indexOf(']', end);
        end = close < 0 ? end : close;
      }
      end++;
    }
    String name = s.substring(0, end);
    char conversion = 0;
    if (end < s.length() && s.charAt(end) == '!') {
      if (end + 1 >= s.length()) {
        throw new JinjaException("end of string while looking for conversion specifier");
      }
      conversion = s.charAt(end + 1);
      end += 2;
      if (end < s.length() && s.charAt(end) != ':') {
        throw new JinjaException("expected ':' after conversion specifier");
      }
    }
    Object value = lookUp(name);
    String spec = end < s.length() ? run(field.units(end + 1, s.length()), depth - 1).string() : "";
    switch (conversion) {
      case 0 -> {}
      case 's' -> value = Values.str(r, value);
      case 'r' -> value = Text.untrusted(Repr.of(r, value));
      case 'a' -> value = Text.untrusted(PercentFormat.ascii(Repr.of(r, value)));
      default -> throw new JinjaException("Unknown conversion specifier " + conversion);
    }
    if (markup && value instanceof Text t && t.isMarkup()) {
      if (!spec.isEmpty()) {
        throw new JinjaException("Unsupported format specification for Markup.");
      }
      return t;
    }
    Text shown = FormatSpec.format(r, value, spec);
    return markup ? MarkupFilters.escape(r, shown) : shown;
  }

  private Object lookUp(String name) {
    int end = 0;
    while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
      end++;
    }
    Object value = argument(name.substring(0, end));
    while (end < name.length()) {
      int start = end + 1;
      if (name.charAt(end) == '.') {
        end = start;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
          end++;
        }
        value = Attributes.attribute(value, Text.untrusted(name.substring(start, end)));
      } else {
        int close = name.indexOf(']', start);
        if (close < 0) {
          throw new JinjaException("Missing ']' in format string");
        }
        String key = name.substring(start, close);
        BigInteger index = isDigits(key) ? new BigInteger(key) : null;
        value = Attributes.item(value, index != null ? Values.integer(index) : Text.untrusted(key));
        end = close + 1;
      }
    }
    return value;
  }

  private static boolean isDigits(String s) {
    return !s.isEmpty() && s.length() < 10 && s.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** A field's own number, or the next one; a format has one kind or the other. */
  private int number(String name) {
    boolean counted = name.isEmpty();
    if (counted ? automatic < 0 : automatic > 0) {
      throw new JinjaException(
          "cannot switch between automatic field numbering and manual field specification");
    }
    if (counted) {
      return automatic++;
    }
    automatic = -1;
    return Integer.parseInt(name);
  }

  private Object argument(String name) {
    if (name.isEmpty() || isDigits(name)) {
      int index = number(name);
      if (index >= args.size()) {
        throw new JinjaException(
            "Replacement index " + index + " out of range for positional args tuple");
      }
      return args.positional().get(index);
    }
    Object value = args.named().get(name);
    if (value == null) {
      throw new JinjaException("'" + name + "'");
    }
    return value;
  }
}
