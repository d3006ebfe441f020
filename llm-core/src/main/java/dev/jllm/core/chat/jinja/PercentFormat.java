package dev.jllm.core.chat.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/** Python's {@code format % values}. */
final class PercentFormat {
  private final Rendering r;
  private final Text format;
  private final String s;
  private final Object operand;
  private final TextBuilder out;
  private int at;
  private int used;

  // The conversion at hand.
  private boolean left;
  private boolean plus;
  private boolean blank;
  private boolean zero;
  private boolean alternate;
  private int width;
  private int precision;

  private PercentFormat(Rendering r, Text format, Object operand) {
    this.r = r;
    this.format = format;
    this.s = format.string();
    this.operand = operand;
    out = r.builder();
  }

  static Text format(Rendering r, Text format, Object operand) {
    return new PercentFormat(r, format, operand).run();
  }

  private Text run() {
    while (at < s.length()) {
      int percent = s.indexOf('%', at);
      int end = percent < 0 ? s.length() : percent;
      out.append(format, at, end);
      at = end;
      if (percent >= 0) {
        at++;
        conversion();
      }
    }
    int given = operand instanceof TupleValue t ? t.items().size() : 1;
    // What has items by key may be left alone, as it may have been meant as a mapping.
    boolean mapping =
        operand instanceof DictValue
            || operand instanceof ListValue
            || operand instanceof RangeValue
            || operand instanceof Undefined;
    if (!mapping && used < given) {
      throw new JinjaException("not all arguments converted during string formatting");
    }
    Text result = r.build(out);
    return format.isMarkup() ? result.asMarkup() : result;
  }

  private Text escaped(Text t) {
    return format.isMarkup() ? MarkupFilters.escape(r, t) : t;
  }

  private char peek() {
    if (at >= s.length()) {
      throw new JinjaException("incomplete format");
    }
    return s.charAt(at);
  }

  /** One conversion after its percent sign. */
  private void conversion() {
    r.step();
    int start = at;
    left = plus = blank = zero = alternate = false;
    Object keyed = null;
    if (peek() == '(') {
      keyed = key();
    }
    boolean flags = true;
    while (flags) {
      switch (peek()) {
        case '-' -> left = true;
        case '+' -> plus = true;
        case ' ' -> blank = true;
        case '0' -> zero = true;
        case '#' -> alternate = true;
        default -> flags = false;
      }
      at += flags ? 1 : 0;
    }
    width = number();
    if (width < 0 && width != -1) {
      left = true;
      width = -width;
    }
    precision = -1;
    if (peek() == '.') {
      at++;
      precision = Math.max(0, number());
    }
    while (peek() == 'h' || peek() == 'l' || peek() == 'L') {
      at++;
    }
    char type = peek();
    at++;
    if (type == '%' && at == start + 1) {
      out.append("%", true);
      return;
    }
    convert(type, keyed != null ? keyed : next());
  }

  private Object key() {
    int depth = 1;
    int start = ++at;
    while (depth > 0) {
      if (at >= s.length()) {
        throw new JinjaException("incomplete format key");
      }
      char c = s.charAt(at++);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    if (!(operand instanceof DictValue d)) {
      throw new JinjaException("format requires a mapping");
    }
    Text name = format.units(start, at - 1);
    Object value = d.get(name);
    if (value == null) {
      throw new JinjaException(Repr.plain(name));
    }
    return value;
  }

  /** Digits, or a star for the next value; -1 without either. */
  private int number() {
    if (peek() == '*') {
      at++;
      return Values.intArgument(next());
    }
    long n = -1;
    while (peek() >= '0' && peek() <= '9') {
      n = Math.min(Integer.MAX_VALUE, Math.max(n, 0) * 10 + s.charAt(at++) - '0');
    }
    return (int) n;
  }

  private Object next() {
    if (operand instanceof TupleValue t) {
      List<Object> items = t.items();
      if (used >= items.size()) {
        throw new JinjaException("not enough arguments for format string");
      }
      return items.get(used++);
    }
    if (used++ > 0) {
      throw new JinjaException("not enough arguments for format string");
    }
    return operand;
  }

  private void convert(char type, Object value) {
    switch (type) {
      case 's' -> text(escaped(Values.softStr(r, value)));
      case 'r' -> text(escaped(Text.untrusted(Repr.of(r, value))));
      case 'a' -> text(Text.untrusted(ascii(Repr.of(r, value))));
      case 'c' -> {
        precision = -1;
        text(character(value));
      }
      case 'd', 'i', 'u', 'o', 'x', 'X' -> integer(type, value);
      case 'e', 'E', 'f', 'F', 'g', 'G' -> real(type, value);
      default ->
          throw new JinjaException(
              "unsupported format character '"
                  + type
                  + "' (0x"
                  + Integer.toHexString(type)
                  + ") at index "
                  + (at - 1));
    }
  }

  static String ascii(String s) {
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        b.append((char) c);
      } else {
        int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        b.append('\\').append(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
        Repr.hex(b, c, digits);
      }
    }
    return b.toString();
  }

  private static Text character(Object value) {
    if (value instanceof Text t && t.length() == 1) {
      return t;
    } else if (Values.isLong(value)
        && Values.longOf(value) >= 0
        && Values.longOf(value) < 0x110000) {
      return Text.untrusted(new String(Character.toChars((int) Values.longOf(value))));
    }
    throw new JinjaException("%c requires int or char");
  }

  private void text(Text t) {
    Text shown = t;
    if (precision >= 0 && precision < t.length()) {
      shown = t.units(0, t.offset(precision));
    }
    int missing = Math.max(0, width - shown.length());
    r.allocate(missing);
    String spaces = TextMethods.repeat(" ", missing);
    if (!left) {
      out.append(spaces, false);
    }
    out.append(shown);
    if (left) {
      out.append(spaces, false);
    }
  }

  private void integer(char type, Object value) {
    BigInteger v;
    if (value instanceof Double d && (type == 'd' || type == 'i' || type == 'u')) {
      v = Values.big(Numbers.truncate(d));
    } else if (Values.isInt(value)) {
      v = Values.big(value);
    } else {
      throw new JinjaException(
          "%"
              + type
              + " format: "
              + (type == 'd' || type == 'i' || type == 'u' ? "a real number" : "an integer")
              + " is required, not "
              + Values.typeName(value));
    }
    String digits =
        switch (type) {
          case 'o' -> v.abs().toString(8);
          case 'x' -> v.abs().toString(16);
          case 'X' -> v.abs().toString(16).toUpperCase(Locale.ROOT);
          default -> Repr.digits(v.abs());
        };
    if (precision > digits.length()) {
      r.allocate(precision);
      digits = TextMethods.repeat("0", precision - digits.length()) + digits;
    }
    String prefix = "";
    if (alternate) {
      prefix = type == 'o' ? "0o" : type == 'x' ? "0x" : type == 'X' ? "0X" : "";
    }
    padded(v.signum() < 0, prefix, digits);
  }

  private void real(char type, Object value) {
    if (!Values.isNumber(value)) {
      throw new JinjaException("must be real number, not " + Values.typeName(value));
    }
    double d = Numbers.toDouble(value);
    boolean negative = d < 0 || (d == 0 && 1 / d < 0);
    r.allocate(Math.max(0, precision));
    padded(negative, "", real(type, Math.abs(d), precision < 0 ? 6 : precision, alternate));
  }

  /** The digits of a float in one of Python's styles. */
  static String real(char type, double magnitude, int precision, boolean alternate) {
    String digits;
    if (Double.isNaN(magnitude)) {
      digits = "nan";
    } else if (Double.isInfinite(magnitude)) {
      digits = "inf";
    } else {
      digits =
          switch (type) {
            case 'e', 'E' -> FloatText.scientific(magnitude, precision, alternate);
            case 'g', 'G' -> FloatText.general(magnitude, precision, alternate);
            default -> FloatText.fixed(magnitude, precision, alternate);
          };
    }
    return Character.isUpperCase(type) ? digits.toUpperCase(Locale.ROOT) : digits;
  }

  private void padded(boolean negative, String prefix, String digits) {
    String sign = negative ? "-" : plus ? "+" : blank ? " " : "";
    int missing = Math.max(0, width - sign.length() - prefix.length() - digits.length());
    r.allocate(missing);
    String fill = TextMethods.repeat(zero && !left ? "0" : " ", missing);
    String head = sign + prefix;
    if (left) {
      out.append(head + digits + fill, false);
    } else {
      out.append(zero ? head + fill + digits : fill + head + digits, false);
    }
  }
}
