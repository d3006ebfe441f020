package dev.jllm.core.chat.jinja;

/** Python's {@code range}, at most {@link #MAX} long. */
record RangeValue(long start, long stop, long step, int size) {
  static final int MAX = 100_000;

  static RangeValue of(long start, long stop, long step) {
    if (step == 0) {
      throw new JinjaException("range() arg 3 must not be zero");
    }
    java.math.BigInteger from = java.math.BigInteger.valueOf(start);
    java.math.BigInteger width = java.math.BigInteger.valueOf(stop).subtract(from);
    java.math.BigInteger by = java.math.BigInteger.valueOf(step);
    java.math.BigInteger size = java.math.BigInteger.ZERO;
    if (width.signum() == by.signum() && width.signum() != 0) {
      size = width.abs().add(by.abs()).subtract(java.math.BigInteger.ONE).divide(by.abs());
    }
    if (size.compareTo(java.math.BigInteger.valueOf(MAX)) > 0) {
      throw new JinjaException(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + MAX + ").");
    }
    return new RangeValue(start, stop, step, size.intValue());
  }

  Long at(int index) {
    return start + index * step;
  }
}
