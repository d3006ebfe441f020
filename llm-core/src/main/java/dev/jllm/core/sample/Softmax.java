package dev.jllm.core.sample;

/**
 * Exponentials and probabilities of logits.
 *
 * <p>Logits that are NaN have probability zero; those that are +infinity share everything, with
 * those that are the greatest finite number; if all are -infinity, all are equally likely.
 */
final class Softmax {
  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN_2 = 0.6931471805599453;

  /** Added and subtracted, rounds a small double to an integer. */
  private static final double ROUND = 0x1.8p52;

  private Softmax() {}

  /**
   * e to the power of {@code x} for x ≤ 0, relative error below 1e-11 before any rounding; 0 for
   * NaN. The same result on every platform, which {@link Math#exp} does not promise.
   */
  static double exp(double x) {
    if (!(x > -708)) {
      return 0;
    }
    double n = (x * LOG2_E + ROUND) - ROUND;
    double r = x - n * LN_2; // |r| ≤ ln(2)/2: the first term left out is below 7e-12
    double r2 = r * r;
    double r4 = r2 * r2;
    double low = (1 + r) + r2 * (0.5 + r * (1 / 6.0));
    double high = (1 / 24.0 + r * (1 / 120.0)) + r2 * (1 / 720.0 + r * (1 / 5040.0));
    double p = low + r4 * (high + r4 * (1 / 40320.0 + r * (1 / 362880.0)));
    return p * Double.longBitsToDouble(((long) n + 1023) << 52);
  }

  /**
   * {@code a} to the power of {@code b} for a ≥ 0, relative error below 1e-13 · (1 + |ln of it|).
   * {@link StrictMath#pow} allocates arrays in some JDKs, and {@link Math#pow} differs between
   * platforms.
   */
  static double pow(double a, double b) {
    return b == 0 ? 1 : StrictMath.exp(b * StrictMath.log(a));
  }

  /** The greatest of {@code x[offset, offset + n)}, NaN left aside; -infinity if none is left. */
  static float max(float[] x, int offset, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + n; i++) {
      if (x[i] > max) {
        max = x[i];
      }
    }
    return max;
  }

  /**
   * Writes e to the power of {@code x[offset + i] - max} into {@code p[i]} for i in [0, n), where
   * {@code max} is the greatest of them, or the greatest finite number; at least one result is 1.
   */
  static void weights(float[] x, int offset, int n, float max, float[] p) {
    if (max == Float.NEGATIVE_INFINITY || max >= Float.MAX_VALUE) {
      for (int i = 0; i < n; i++) {
        p[i] = max < 0 || x[offset + i] >= max ? 1 : 0;
      }
      return;
    }
    for (int i = 0; i < n; i++) {
      p[i] = (float) exp(x[offset + i] - max);
    }
  }
}
