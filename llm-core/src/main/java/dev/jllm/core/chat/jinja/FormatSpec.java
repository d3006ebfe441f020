package dev.jllm.core.chat.jinja;

import java.math.BigInteger;
import java.util.Locale;

/**
 * Python's format specifications: {@code [[fill]align][sign][#][0][width][,][.precision][type]}.
 */
final class FormatSpec {
  private String fill = " ";
  private char align;
  private char sign = '-';
  private boolean signed;
  private boolean alternate;
  private int width = -1;
  private char grouping;
  private int precision = -1;
  private char type;

  private FormatSpec(String spec) {
    int at = 0;
    int n = spec.length();
    int first = n == 0 ? 0 : Character.charCount(spec.codePointAt(0));
    if (n > first && "<>=^".indexOf(spec.charAt(first)) >= 0) {
      fill = spec.substring(0, first);
      align = spec.charAt(first);
      at = first + 1;
    } else if (n > 0 && "<>=^".indexOf(spec.charAt(0)) >= 0) {
      align = spec.charAt(at++);
    }
    if (at < n && "+- ".indexOf(spec.charAt(at)) >= 0) {
      sign = spec.charAt(at++);
      signed = true;
    }
    if (at < n && spec.charAt(at) == 'z') {
      at++;
    }
    if (at < n && spec.charAt(at) == '#') {
      alternate = true;
      at++;
    }
    if (at < n && spec.charAt(at) == '0') {
      if (align == 0) {
        align = '=';
        fill = "0";
      }
      at++;
    }
    int start = at;
    at = digits(spec, at);
    width = at > start ? number(spec, start, at) : -1;
    if (at < n && (spec.charAt(at) == ',' || spec.charAt(at) == '_')) {
      grouping = spec.charAt(at++);
    }
    if (at < n && spec.charAt(at) == '.') {
      start = ++at;
      at = digits(spec, at);
      if (at == start) {
        throw new JinjaException("Format specifier missing precision");
      }
      precision = number(spec, start, at);
    }
    if (at < n) {
      type = spec.charAt(at++);
    }
    if (at < n) {
      throw new JinjaException("Invalid format specifier");
    }
  }

  private static int digits(String s, int from) {
    int at = from;
    while (at < s.length() && s.charAt(at) >= '0' && s.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private static int number(String s, int from, int to) {
    if (to - from > 9) {
      throw new JinjaException("Too many decimal digits in format string");
    }
    return Integer.parseInt(s.substring(from, to));
  }

  static Text format(Rendering r, Object value, String spec) {
    if (spec.isEmpty()) {
      return Values.str(r, value);
    }
    FormatSpec f = new FormatSpec(spec);
    r.allocate(Math.max(0, f.width));
    r.allocate(Math.max(0, f.precision));
    if (value instanceof Text t) {
      return f.text(r, t);
    } else if (value instanceof Double d) {
      return f.real(d);
    } else if (Values.isInt(value)) {
      return f.integer(value);
    }
    throw new JinjaException(
        "unsupported format string passed to " + Values.typeName(value) + ".__format__");
  }

  private JinjaException unknown(String type) {
    return new JinjaException(
        "Unknown format code '" + this.type + "' for object of type '" + type + "'");
  }

  private Text text(Rendering r, Text t) {
    if (type != 0 && type != 's') {
      throw unknown("str");
    }
    if (signed || alternate) {
      throw new JinjaException(
          (signed ? "Sign" : "Alternate form (#)") + " not allowed in string format specifier");
    }
    if (align == '=') {
      if (!fill.equals("0")) {
        throw new JinjaException("'=' alignment not allowed in string format specifier");
      }
      align = '<';
    }
    Text shown = precision >= 0 && precision < t.length() ? t.units(0, t.offset(precision)) : t;
    int missing = Math.max(0, width - shown.length());
    int before = align == '>' ? missing : align == '^' ? missing / 2 : 0;
    return r.builder()
        .append(TextMethods.repeat(fill, before), false)
        .append(shown)
        .append(TextMethods.repeat(fill, missing - before), false)
        .build();
  }

  private Text integer(Object value) {
    if (type != 0 && "eEfFgG%".indexOf(type) >= 0) {
      return real(Numbers.toDouble(value));
    }
    if (precision >= 0) {
      throw new JinjaException("Precision not allowed in integer format specifier");
    }
    BigInteger v = Values.big(value);
    BigInteger magnitude = v.abs();
    String prefix = "";
    String digits;
    switch (type) {
      case 'b' -> {
        digits = magnitude.toString(2);
        prefix = "0b";
      }
      case 'o' -> {
        digits = magnitude.toString(8);
        prefix = "0o";
      }
      case 'x' -> {
        digits = magnitude.toString(16);
        prefix = "0x";
      }
      case 'X' -> {
        digits = magnitude.toString(16).toUpperCase(Locale.ROOT);
        prefix = "0X";
      }
      case 'c' -> {
        int c = Values.intArgument(value);
        if (!Character.isValidCodePoint(c)) {
          throw new JinjaException("%c arg not in range(0x110000)");
        }
        digits = new String(Character.toChars(c));
      }
      case 0, 'd', 'n' -> digits = Repr.digits(magnitude);
      default -> throw unknown("int");
    }
    int group = prefix.isEmpty() ? 3 : 4;
    return number(v.signum() < 0, alternate ? prefix : "", digits, "", group);
  }

  private Text real(double d) {
    double magnitude = Math.abs(d);
    boolean negative = d < 0 || (d == 0 && 1 / d < 0);
    String s;
    if (type == 0 && !Double.isNaN(d) && !Double.isInfinite(d)) {
      if (precision < 0) {
        s = FloatText.repr(magnitude);
      } else {
        s = general(magnitude);
      }
    } else if (type == '%') {
      s = PercentFormat.real('f', magnitude * 100, precision < 0 ? 6 : precision, alternate) + "%";
    } else if (type == 0 || "eEfFgGn".indexOf(type) >= 0) {
      char style = type == 0 || type == 'n' ? 'g' : type;
      s = PercentFormat.real(style, magnitude, precision < 0 ? 6 : precision, alternate);
    } else {
      throw unknown("float");
    }
    int end = digits(s, 0);
    return number(negative, "", s.substring(0, end), s.substring(end), 3);
  }

  // Without a type, a float has at least one digit after the point, and more digits before it.
  private String general(double magnitude) {
    int p = Math.max(1, precision);
    String s = FloatText.general(magnitude, p, alternate);
    if (s.indexOf('.') >= 0 || s.indexOf('e') >= 0) {
      return s;
    }
    return s.length() >= p ? FloatText.scientificShort(magnitude, p) : s + ".0";
  }

  private Text number(boolean negative, String prefix, String digits, String rest, int group) {
    String head = (negative ? "-" : sign == '-' ? "" : String.valueOf(sign)) + prefix;
    String body = digits;
    if (grouping != 0) {
      body = grouped(digits, group);
      boolean zeros = align == '=' && fill.equals("0");
      int room = width - head.length() - rest.length();
      while (zeros && body.length() < room) {
        digits = "0" + digits;
        String wider = grouped(digits, group);
        body = wider;
      }
    }
    body += rest;
    int missing = Math.max(0, width - head.length() - body.codePointCount(0, body.length()));
    String s =
        switch (align) {
          case '<' -> head + body + TextMethods.repeat(fill, missing);
          case '=' -> head + TextMethods.repeat(fill, missing) + body;
          case '^' ->
              TextMethods.repeat(fill, missing / 2)
                  + head
                  + body
                  + TextMethods.repeat(fill, missing - missing / 2);
          default -> TextMethods.repeat(fill, missing) + head + body;
        };
    return Text.untrusted(s);
  }

  private String grouped(String digits, int group) {
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      if (i > 0 && (digits.length() - i) % group == 0) {
        b.append(grouping);
      }
      b.append(digits.charAt(i));
    }
    return b.toString();
  }
}
