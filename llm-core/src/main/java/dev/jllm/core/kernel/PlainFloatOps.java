package dev.jllm.core.kernel;

/** {@link FloatOps} as loops that the JIT compiler vectorises by itself where it can. */
final class PlainFloatOps implements FloatOps {
  private static final float LOG2E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  @Override
  public float dot(float[] a, int ao, float[] b, int bo, int n) {
    return PlainLoops.dot(a, ao, b, bo, n);
  }

  @Override
  public void axpy(float s, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += s * x[xo + i];
    }
  }

  @Override
  public void add(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += x[xo + i];
    }
  }

  @Override
  public void mul(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] *= x[xo + i];
    }
  }

  @Override
  public void scale(float s, float[] x, int xo, int n) {
    for (int i = 0; i < n; i++) {
      x[xo + i] *= s;
    }
  }

  @Override
  public float sumOfSquares(float[] x, int xo, int n) {
    return dot(x, xo, x, xo, n);
  }

  @Override
  public void scaleMul(float s, float[] x, int xo, float[] w, int wo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] * s * w[wo + i];
    }
  }

  @Override
  public float max(float[] x, int xo, int n) {
    float m = x[xo];
    for (int i = 1; i < n; i++) {
      m = Math.max(m, x[xo + i]);
    }
    return m;
  }

  /** exp to within 2 units in the last place: 2^k · p(r), Cephes' polynomial on |r| ≤ ln 2 / 2. */
  static float exp(float x) {
    if (!(x > -87.33f)) {
      return x == x ? 0 : x;
    }
    if (x > 88.37f) {
      return Float.POSITIVE_INFINITY;
    }
    int k = (int) (x * LOG2E + (x < 0 ? -0.5f : 0.5f));
    float r = x - k * LN2_HIGH - k * LN2_LOW;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1;
    return p * Float.intBitsToFloat(k + 127 << 23);
  }

  @Override
  public float expSum(float shift, float[] x, int xo, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) {
      float e = exp(x[xo + i] - shift);
      x[xo + i] = e;
      sum += e;
    }
    return sum;
  }

  @Override
  public void siluMul(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      float v = x[xo + i];
      x[xo + i] = v / (1 + exp(-v)) * y[yo + i];
    }
  }

  @Override
  public void rotateHalves(float[] x, int xo, float[] cos, float[] sin, int to, int n) {
    for (int i = 0; i < n; i++) {
      float a = x[xo + i];
      float b = x[xo + n + i];
      x[xo + i] = a * cos[to + i] - b * sin[to + i];
      x[xo + n + i] = a * sin[to + i] + b * cos[to + i];
    }
  }
}
