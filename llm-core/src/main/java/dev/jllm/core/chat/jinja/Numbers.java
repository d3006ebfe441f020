package dev.jllm.core.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's arithmetic on int, float and bool. */
final class Numbers {
  /** Longest int, in bits. */
  private static final int MAX_BITS = 1 << 17;

  private static final long EXACT = 1L << 53;

  private Numbers() {}

  static Object calculate(Rendering r, Operation op, Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      return floats(op, toDouble(a), toDouble(b));
    }
    if (Values.isLong(a) && Values.isLong(b)) {
      return longs(r, op, Values.longOf(a), Values.longOf(b));
    }
    return bigs(r, op, Values.big(a), Values.big(b));
  }

  private static Object longs(Rendering r, Operation op, long a, long b) {
    switch (op) {
      case ADD -> {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) >= 0) {
          return sum;
        }
      }
      case SUB -> {
        long difference = a - b;
        if (((a ^ b) & (a ^ difference)) >= 0) {
          return difference;
        }
      }
      case MUL -> {
        long high = multiplyHigh(a, b);
        long low = a * b;
        if (high == low >> 63) {
          return low;
        }
      }
      case FLOORDIV -> {
        if (b != 0 && !(a == Long.MIN_VALUE && b == -1)) {
          return Math.floorDiv(a, b);
        }
      }
      case MOD -> {
        if (b != 0) {
          return b == -1 ? 0L : Math.floorMod(a, b);
        }
      }
      case DIV -> {
        if (b != 0 && Math.abs(a) <= EXACT && Math.abs(b) <= EXACT && a != Long.MIN_VALUE) {
          return (double) a / b;
        }
      }
      default -> {}
    }
    return bigs(r, op, BigInteger.valueOf(a), BigInteger.valueOf(b));
  }

  // Math.multiplyHigh is not on every Android.
  private static long multiplyHigh(long a, long b) {
    if ((int) a == a && (int) b == b) {
      return a * b >> 63;
    }
    return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)).shiftRight(64).longValue();
  }

  private static Object bigs(Rendering r, Operation op, BigInteger a, BigInteger b) {
    switch (op) {
      case ADD:
        return checked(a.add(b));
      case SUB:
        return checked(a.subtract(b));
      case MUL:
        requireBits(a.bitLength() + (long) b.bitLength());
        r.step(1 + (long) (a.bitLength() >> 6) * (b.bitLength() >> 6));
        return checked(a.multiply(b));
      case POW:
        return power(r, a, b);
      default:
        break;
    }
    if (b.signum() == 0) {
      throw new JinjaException(
          op == Operation.DIV ? "division by zero" : "integer division or modulo by zero");
    }
    r.step(1 + (long) (a.bitLength() >> 6) * (b.bitLength() >> 6));
    if (op == Operation.DIV) {
      MathContext digits = new MathContext(40, RoundingMode.HALF_EVEN);
      double quotient = new BigDecimal(a).divide(new BigDecimal(b), digits).doubleValue();
      if (Double.isInfinite(quotient)) {
        throw new JinjaException("integer division result too large for a float");
      }
      return quotient;
    }
    BigInteger[] parts = a.divideAndRemainder(b);
    boolean below = parts[1].signum() != 0 && parts[1].signum() != b.signum();
    if (op == Operation.FLOORDIV) {
      return Values.integer(below ? parts[0].subtract(BigInteger.ONE) : parts[0]);
    }
    return Values.integer(below ? parts[1].add(b) : parts[1]);
  }

  private static Object power(Rendering r, BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      return floats(Operation.POW, a.doubleValue(), b.doubleValue());
    }
    if (a.bitLength() <= 1 && a.abs().bitLength() <= 1) {
      // -1, 0, 1 to any power.
      boolean odd = b.testBit(0);
      if (b.signum() == 0 || a.signum() > 0 || (a.signum() < 0 && !odd)) {
        return 1L;
      }
      return a.signum() == 0 ? 0L : -1L;
    }
    requireBits(b.bitLength() > 31 ? Long.MAX_VALUE : a.bitLength() * b.longValue());
    long words = (a.bitLength() * b.longValue() >> 6) + 1;
    r.step(words * words);
    return Values.integer(a.pow(b.intValue()));
  }

  private static void requireBits(long bits) {
    if (bits > MAX_BITS) {
      throw new JinjaException("An int of more than " + MAX_BITS + " bits is refused.");
    }
  }

  private static Object checked(BigInteger v) {
    requireBits(v.bitLength());
    return Values.integer(v);
  }

  private static Object floats(Operation op, double a, double b) {
    switch (op) {
      case ADD:
        return a + b;
      case SUB:
        return a - b;
      case MUL:
        return a * b;
      case POW:
        return power(a, b);
      default:
        break;
    }
    if (b == 0) {
      throw new JinjaException(
          op == Operation.DIV
              ? "float division by zero"
              : op == Operation.MOD ? "float modulo" : "float floor division by zero");
    }
    if (op == Operation.DIV) {
      return a / b;
    }
    double rest = a % b;
    double quotient = (a - rest) / b;
    if (rest != 0) {
      if ((b < 0) != (rest < 0)) {
        rest += b;
        quotient -= 1;
      }
    } else {
      rest = Math.copySign(0.0, b);
    }
    if (op == Operation.MOD) {
      return rest;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static Object power(double a, double b) {
    if (a == 0 && b < 0) {
      throw new JinjaException("0.0 cannot be raised to a negative power");
    }
    if (a == 1 || b == 0) {
      return 1.0;
    }
    if (a == -1 && Double.isInfinite(b)) {
      return 1.0;
    }
    if (a < 0 && !Double.isInfinite(a) && !Double.isInfinite(b) && b != Math.rint(b)) {
      throw new JinjaException("Complex numbers are refused: a root of a negative number.");
    }
    double power = b == Math.rint(b) && Math.abs(b) <= 64 ? exactPower(a, (int) b) : Math.pow(a, b);
    if (Double.isInfinite(power) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw new JinjaException("(34, 'Numerical result out of range')");
    }
    return power;
  }

  // Math.pow may be one unit off, and then prints differently.
  private static double exactPower(double a, int b) {
    if (Double.isNaN(a) || Double.isInfinite(a) || a == 0) {
      return Math.pow(a, b);
    }
    BigDecimal power = new BigDecimal(a).pow(Math.abs(b));
    return b >= 0
        ? power.doubleValue()
        : BigDecimal.ONE.divide(power, new MathContext(40, RoundingMode.HALF_EVEN)).doubleValue();
  }

  static double toDouble(Object v) {
    if (v instanceof Double d) {
      return d;
    }
    if (Values.isLong(v)) {
      return Values.longOf(v);
    }
    double d = ((BigInteger) v).doubleValue();
    if (Double.isInfinite(d)) {
      throw new JinjaException("int too large to convert to float");
    }
    return d;
  }

  /** Exact comparison of two numbers, neither of them NaN. */
  static int compare(Object a, Object b) {
    if (Values.isLong(a) && Values.isLong(b)) {
      return Long.compare(Values.longOf(a), Values.longOf(b));
    }
    if (a instanceof Double x && b instanceof Double y) {
      return x < y ? -1 : x > y ? 1 : 0;
    }
    if (a instanceof Double x && Double.isInfinite(x)) {
      return x > 0 ? 1 : -1;
    }
    if (b instanceof Double y && Double.isInfinite(y)) {
      return y > 0 ? -1 : 1;
    }
    return decimal(a).compareTo(decimal(b));
  }

  static BigDecimal decimal(Object v) {
    return v instanceof Double d ? new BigDecimal(d) : new BigDecimal(Values.big(v));
  }

  static Object negate(Object v) {
    if (v instanceof Double d) {
      return -d;
    }
    return Values.integer(Values.big(v).negate());
  }

  /** Python's {@code round(v, digits)}: an int stays an int; ties go to the even neighbour. */
  static Object round(Object v, int digits) {
    if (v instanceof Double d) {
      if (Double.isNaN(d) || Double.isInfinite(d) || digits > 330) {
        return d;
      }
      if (digits < -330) {
        return Math.copySign(0.0, d);
      }
      double rounded = new BigDecimal(d).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
      return rounded == 0 ? Math.copySign(0.0, d) : rounded;
    }
    if (digits >= 0) {
      return Values.integer(Values.big(v));
    }
    if (digits < -100_000) {
      return 0L;
    }
    BigDecimal rounded = new BigDecimal(Values.big(v)).setScale(digits, RoundingMode.HALF_EVEN);
    return Values.integer(rounded.toBigInteger());
  }

  /** Python's {@code int(float)}: towards zero. */
  static Object truncate(double d) {
    if (Double.isNaN(d)) {
      throw new JinjaException("cannot convert float NaN to integer");
    }
    if (Double.isInfinite(d)) {
      throw new JinjaException("cannot convert float infinity to integer");
    }
    if (Math.abs(d) < EXACT) {
      return (long) d;
    }
    return Values.integer(new BigDecimal(d).toBigInteger());
  }
}
