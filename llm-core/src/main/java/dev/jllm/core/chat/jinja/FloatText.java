package dev.jllm.core.chat.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Floats as Python writes them. */
final class FloatText {
  private FloatText() {}

  /** Python's {@code repr}: the shortest digits that read back as the same value. */
  static String repr(double d) {
    if (Double.isNaN(d)) {
      return "nan";
    }
    if (Double.isInfinite(d)) {
      return d > 0 ? "inf" : "-inf";
    }
    if (d == 0) {
      return 1 / d < 0 ? "-0.0" : "0.0";
    }
    if (d == Math.rint(d) && Math.abs(d) < 1e15) {
      return (long) d + ".0";
    }
    BigDecimal shortest = shortest(Math.abs(d));
    String digits = stripped(shortest);
    // The value is 0.DIGITS × 10^point.
    int point = shortest.precision() - shortest.scale();
    StringBuilder s = new StringBuilder();
    if (d < 0) {
      s.append('-');
    }
    if (point > 16 || point < -3) {
      s.append(digits.charAt(0));
      if (digits.length() > 1) {
        s.append('.').append(digits, 1, digits.length());
      }
      return exponent(s, point - 1).toString();
    }
    if (point <= 0) {
      s.append("0.");
      zeros(s, -point).append(digits);
    } else if (digits.length() <= point) {
      s.append(digits);
      zeros(s, point - digits.length()).append(".0");
    } else {
      s.append(digits, 0, point).append('.').append(digits, point, digits.length());
    }
    return s.toString();
  }

  private static String stripped(BigDecimal v) {
    String digits = v.unscaledValue().toString();
    int end = digits.length();
    while (end > 1 && digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, end);
  }

  // Double.toString is not always the shortest before JDK 19 and on Android.
  private static BigDecimal shortest(double d) {
    BigDecimal exact = new BigDecimal(d);
    for (int precision = 1; precision < 17; precision++) {
      BigDecimal near = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
      if (near.doubleValue() == d) {
        return near;
      }
      // At a power of two the gap above is twice the gap below: the nearer neighbour may miss.
      BigDecimal above = exact.round(new MathContext(precision, RoundingMode.CEILING));
      if (above.doubleValue() == d) {
        return above;
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }

  private static StringBuilder zeros(StringBuilder s, int n) {
    for (int i = 0; i < n; i++) {
      s.append('0');
    }
    return s;
  }

  private static StringBuilder exponent(StringBuilder s, int exponent) {
    s.append('e').append(exponent < 0 ? '-' : '+');
    int e = Math.abs(exponent);
    if (e < 10) {
      s.append('0');
    }
    return s.append(e);
  }

  /** {@code %f}: fixed point, without sign. */
  static String fixed(double magnitude, int precision, boolean alternate) {
    String s =
        new BigDecimal(magnitude).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return alternate && precision == 0 ? s + "." : s;
  }

  /** {@code %e}: scientific, without sign. */
  static String scientific(double magnitude, int precision, boolean alternate) {
    StringBuilder s = new StringBuilder();
    int exponent = 0;
    String digits;
    if (magnitude == 0) {
      digits = zeros(new StringBuilder(), precision + 1).toString();
    } else {
      BigDecimal v =
          new BigDecimal(magnitude).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
      exponent = v.precision() - v.scale() - 1;
      digits = v.unscaledValue().toString();
      digits += zeros(new StringBuilder(), precision + 1 - digits.length());
    }
    s.append(digits.charAt(0));
    if (precision > 0) {
      s.append('.').append(digits, 1, precision + 1);
    } else if (alternate) {
      s.append('.');
    }
    return exponent(s, exponent).toString();
  }

  /** {@code %g}: the shorter of the two, without sign. */
  static String general(double magnitude, int precision, boolean alternate) {
    int p = Math.max(precision, 1);
    int exponent = 0;
    if (magnitude != 0) {
      BigDecimal v = new BigDecimal(magnitude).round(new MathContext(p, RoundingMode.HALF_EVEN));
      exponent = v.precision() - v.scale() - 1;
    }
    if (exponent < -4 || exponent >= p) {
      String s = scientific(magnitude, p - 1, alternate);
      if (alternate) {
        return s;
      }
      int e = s.indexOf('e');
      return trimZeros(s.substring(0, e)) + s.substring(e);
    }
    String s = fixed(magnitude, p - 1 - exponent, alternate);
    return alternate ? s : trimZeros(s);
  }

  private static String trimZeros(String s) {
    if (s.indexOf('.') < 0) {
      return s;
    }
    int end = s.length();
    while (s.charAt(end - 1) == '0') {
      end--;
    }
    return s.substring(0, s.charAt(end - 1) == '.' ? end - 1 : end);
  }

  /** Scientific, without zeros at the end of the digits. */
  static String scientificShort(double magnitude, int precision) {
    String s = scientific(magnitude, precision - 1, false);
    int e = s.indexOf('e');
    return trimZeros(s.substring(0, e)) + s.substring(e);
  }
}
