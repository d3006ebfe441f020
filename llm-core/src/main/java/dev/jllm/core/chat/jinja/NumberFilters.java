package dev.jllm.core.chat.jinja;

import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filters that give numbers, and the sizes of files. */
final class NumberFilters {
  private NumberFilters() {}

  static void addTo(Map<String, Filter> all) {
    Params abs = Params.of("abs", 0);
    all.put(
        "abs",
        (r, value, args) -> {
          abs.bind(args);
          if (value instanceof Double d) {
            return Math.abs(d);
          } else if (Values.isInt(value)) {
            return Values.integer(Values.big(value).abs());
          }
          throw new JinjaException("bad operand type for abs(): '" + Values.typeName(value) + "'");
        });
    Params toInt = Params.of("int", 0, "default", "base");
    all.put(
        "int",
        (r, value, args) -> {
          @Nullable Object[] a = toInt.bind(args);
          int base = a[1] == null ? 10 : Values.intArgument(a[1]);
          Object parsed = toInt(value, base);
          return parsed != null ? parsed : a[0] == null ? 0L : a[0];
        });
    Params toFloat = Params.of("float", 0, "default");
    all.put(
        "float",
        (r, value, args) -> {
          Object otherwise = toFloat.bind(args)[0];
          Double parsed = toFloat(value);
          return parsed != null ? parsed : otherwise == null ? (Object) 0.0 : otherwise;
        });
    Params round = Params.of("round", 0, "precision", "method");
    all.put("round", (r, value, args) -> round(r, value, round.bind(args)));
    Params size = Params.of("filesizeformat", 0, "binary");
    all.put(
        "filesizeformat",
        (r, value, args) -> {
          Object binary = size.bind(args)[0];
          return fileSize(value, binary != null && Values.truth(binary));
        });
  }

  private static @Nullable Object toInt(Object value, int base) {
    if (value instanceof Undefined u) {
      throw u.fail();
    } else if (value instanceof Text t) {
      BigInteger parsed = parse(t.string(), base);
      if (parsed != null) {
        return Values.integer(parsed);
      }
      Double d = parseFloat(t.string());
      return d == null || d.isNaN() ? null : Numbers.truncate(d);
    } else if (value instanceof Double d) {
      return d.isNaN() ? null : Numbers.truncate(d);
    }
    return Values.isInt(value) ? Values.integer(Values.big(value)) : null;
  }

  /** Python's {@code int(text, base)}, or null where it fails. */
  static @Nullable BigInteger parse(String text, int base) {
    String s = trim(text);
    boolean negative = s.startsWith("-");
    if (negative || s.startsWith("+")) {
      s = s.substring(1);
    }
    int radix = base;
    if (s.length() > 1 && s.charAt(0) == '0') {
      int marked =
          switch (s.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
          };
      if (marked != 0 && (base == marked || base == 0)) {
        radix = marked;
        s = s.substring(2);
        s = s.startsWith("_") ? s.substring(1) : s;
      }
    }
    if (base == 0 && radix == 0) {
      radix = 10;
      if (s.length() > 1 && s.charAt(0) == '0' && !s.replace("_", "").matches("0+")) {
        return null;
      }
    }
    if (radix < 2 || radix > 36) {
      throw new JinjaException("int() base must be >= 2 and <= 36, or 0");
    }
    String digits = digits(s, radix);
    if (digits == null) {
      return null;
    }
    if (digits.length() > 4300) {
      throw new JinjaException("Exceeds the limit (4300 digits) for integer string conversion");
    }
    BigInteger v = new BigInteger(digits, radix);
    return negative ? v.negate() : v;
  }

  private static String trim(String s) {
    return TextMethods.strip(Text.untrusted(s), None.NONE, true, true).string();
  }

  /** The digits without the underscores between them, or null if there is anything else. */
  private static @Nullable String digits(String s, int radix) {
    StringBuilder b = new StringBuilder();
    boolean afterDigit = false;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '_' && afterDigit) {
        afterDigit = false;
        continue;
      }
      int digit = Character.digit(c, radix);
      if (digit < 0) {
        return null;
      }
      b.append(Character.forDigit(digit, radix));
      afterDigit = true;
    }
    return afterDigit ? b.toString() : null;
  }

  static @Nullable Double toFloat(Object value) {
    if (value instanceof Undefined u) {
      throw u.fail();
    } else if (value instanceof Text t) {
      return parseFloat(t.string());
    }
    return Values.isNumber(value) ? Double.valueOf(Numbers.toDouble(value)) : null;
  }

  /** Python's {@code float(text)}, or null where it fails. */
  static @Nullable Double parseFloat(String text) {
    String s = trim(text);
    boolean negative = s.startsWith("-");
    String body = negative || s.startsWith("+") ? s.substring(1) : s;
    switch (body.toLowerCase(java.util.Locale.ROOT)) {
      case "inf", "infinity" -> {
        return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      case "nan" -> {
        return Double.NaN;
      }
      default -> {}
    }
    StringBuilder digits = new StringBuilder();
    boolean point = false;
    boolean exponent = false;
    int mantissa = 0;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      boolean afterDigit = i > 0 && Character.isDigit(body.charAt(i - 1));
      if (Character.isDigit(c)) {
        digits.append(Character.forDigit(Character.digit(c, 10), 10));
        mantissa += exponent ? 0 : 1;
      } else if (c == '_') {
        if (!afterDigit || i + 1 == body.length() || !Character.isDigit(body.charAt(i + 1))) {
          return null;
        }
      } else if (c == '.' && !point && !exponent) {
        point = true;
        digits.append(c);
      } else if ((c == 'e' || c == 'E') && !exponent && mantissa > 0) {
        exponent = true;
        digits.append('e');
        if (i + 1 < body.length() && "+-".indexOf(body.charAt(i + 1)) >= 0) {
          digits.append(body.charAt(++i));
        }
      } else {
        return null;
      }
    }
    if (mantissa == 0 || !Character.isDigit(last(digits)) && last(digits) != '.') {
      return null;
    }
    double d = Double.parseDouble(digits.toString());
    return negative ? -d : d;
  }

  private static char last(StringBuilder b) {
    return b.length() == 0 ? 0 : b.charAt(b.length() - 1);
  }

  private static Object round(Rendering r, Object value, @Nullable Object[] a) {
    String method = a[1] == null ? "common" : Values.str(r, a[1]).string();
    if (!method.equals("common") && !method.equals("ceil") && !method.equals("floor")) {
      throw new JinjaException("method must be common, ceil or floor");
    }
    Object precision = a[0] == null ? 0L : a[0];
    if (value instanceof Undefined || !Values.isNumber(value)) {
      throw new JinjaException(
          "type " + Values.typeName(value) + " doesn't define __round__ method");
    }
    if (method.equals("common")) {
      if (precision == None.NONE) {
        Object rounded = Numbers.round(value, 0);
        return rounded instanceof Double d ? Numbers.truncate(d) : rounded;
      }
      return Numbers.round(value, Values.intArgument(precision));
    }
    Object scale = Operators.binary(r, Operation.POW, 10L, precision);
    Object scaled = Operators.binary(r, Operation.MUL, value, scale);
    Object whole = scaled;
    if (scaled instanceof Double d) {
      whole = Numbers.truncate(method.equals("ceil") ? Math.ceil(d) : Math.floor(d));
    }
    return Operators.binary(r, Operation.DIV, whole, scale);
  }

  private static Object fileSize(Object value, boolean binary) {
    Double parsed = toFloat(value);
    if (parsed == null) {
      throw new JinjaException("could not convert to a size: " + Repr.plain(value));
    }
    double bytes = parsed;
    double base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return Text.untrusted("1 Byte");
    }
    if (bytes < base) {
      return Text.untrusted(Repr.plain(Numbers.truncate(bytes)) + " Bytes");
    }
    if (Double.isNaN(bytes) || Double.isInfinite(bytes)) {
      throw new JinjaException("not a size: " + FloatText.repr(bytes));
    }
    String prefixes = "KMGTPEZY";
    double unit = base;
    int i = 0;
    do {
      unit *= base;
    } while (bytes >= unit && ++i < prefixes.length());
    i = Math.min(i, prefixes.length() - 1);
    unit = Math.pow(base, i + 2.0);
    if (Double.isInfinite(base * bytes)) {
      return Text.untrusted("inf " + prefixes.charAt(i) + (binary ? "iB" : "B"));
    }
    String prefix = prefixes.charAt(i) == 'K' && !binary ? "k" : prefixes.substring(i, i + 1);
    String number = FloatText.fixed(base * bytes / unit, 1, false);
    return Text.untrusted(number + " " + prefix + (binary ? "iB" : "B"));
  }
}
