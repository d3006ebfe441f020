package dev.jllm.core.block;

/** Elementary functions of floats, faster than {@link Math} and exact to about one ulp. */
final class FastMath {
  private static final float LOG2_E = 1.44269504088896341f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  private FastMath() {}

  /**
   * e^x: x = n ln 2 + r with |r| ≤ ln 2 / 2, a polynomial of degree 5 for e^r (coefficients of the
   * Cephes library), and n added to the exponent.
   */
  static float exp(float x) {
    if (!(x < 88.72f)) {
      return x != x ? x : Float.POSITIVE_INFINITY;
    }
    if (x < -87.33f) {
      return x < -103 ? 0 : (float) Math.exp(x);
    }
    float n = (int) (x * LOG2_E + (x < 0 ? -0.5f : 0.5f));
    float r = x - n * LN2_HIGH - n * LN2_LOW;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    float e = p * r * r + r + 1;
    int k = (int) n;
    // 2^128 is no float: multiply in two steps.
    return e * Float.intBitsToFloat((k - 1 + 127) << 23) * 2;
  }

  /** Hyperbolic tangent by {@link #exp}, a polynomial near 0. */
  static float tanh(float x) {
    float a = Math.abs(x);
    if (a < 0.625f) {
      float s = x * x;
      float p = -5.70498872745e-3f;
      p = p * s + 2.06390887954e-2f;
      p = p * s - 5.37397155531e-2f;
      p = p * s + 1.33314422036e-1f;
      p = p * s - 3.33332819422e-1f;
      return p * s * x + x;
    }
    float t = a > 9.1f ? 1 : 1 - 2 / (exp(2 * a) + 1);
    return x < 0 ? -t : t;
  }

  /**
   * The error function: a Taylor series near 0, a continued fraction of the complement elsewhere
   * (Abramowitz and Stegun 7.1.6 and 7.1.14).
   */
  static double erf(double x) {
    double a = Math.abs(x);
    double result;
    if (a < 2.5) {
      double term = a;
      double sum = a;
      for (int n = 1; n < 60 && term > 1e-17 * sum; n++) {
        term *= 2 * a * a / (2 * n + 1);
        sum += term;
      }
      result = 2 / Math.sqrt(Math.PI) * Math.exp(-a * a) * sum;
    } else if (a < 6) {
      double f = 0;
      for (int k = 60; k >= 1; k--) {
        f = k / 2.0 / (a + f);
      }
      result = 1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + f);
    } else {
      result = 1;
    }
    return x < 0 ? -result : result;
  }
}
