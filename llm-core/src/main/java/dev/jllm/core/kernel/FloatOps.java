package dev.jllm.core.kernel;

/**
 * Operations on parts of float arrays: {@code n} values of {@code a} from {@code ao} on, and so on.
 */
public interface FloatOps {
  /** {@code Σ a·b}. */
  float dot(float[] a, int ao, float[] b, int bo, int n);

  /** {@code y += s·x}. */
  void axpy(float s, float[] x, int xo, float[] y, int yo, int n);

  /** {@code y += x}. */
  void add(float[] x, int xo, float[] y, int yo, int n);

  /** {@code y *= x}. */
  void mul(float[] x, int xo, float[] y, int yo, int n);

  /** {@code x *= s}. */
  void scale(float s, float[] x, int xo, int n);

  /** {@code Σ x²}. */
  float sumOfSquares(float[] x, int xo, int n);

  /** {@code y = x·s·w}: the end of a normalisation. */
  void scaleMul(float s, float[] x, int xo, float[] w, int wo, float[] y, int yo, int n);

  /** The largest value; {@code n ≥ 1}. */
  float max(float[] x, int xo, int n);

  /**
   * {@code x = exp(x − shift)}; returns the sum. Arguments beyond the range give 0 and infinity.
   */
  float expSum(float shift, float[] x, int xo, int n);

  /** {@code x = exp(x − max) / Σ exp(x − max)}; {@code n ≥ 1}. */
  default void softmax(float[] x, int xo, int n) {
    float sum = expSum(max(x, xo, n), x, xo, n);
    scale(1 / sum, x, xo, n);
  }

  /** {@code x = x / (1 + exp(−x)) · y}: SwiGLU. */
  void siluMul(float[] x, int xo, float[] y, int yo, int n);

  /**
   * Rotates pairs of {@code x}: {@code (x[i], x[i + n]) ← (x[i]·cos − x[i+n]·sin, x[i]·sin +
   * x[i+n]·cos)} for {@code i < n} (RoPE of halves).
   */
  void rotateHalves(float[] x, int xo, float[] cos, float[] sin, int to, int n);
}
