package dev.jllm.core.kernel;

import static dev.jllm.core.kernel.PlainMath.fma;
import static dev.jllm.core.kernel.PlainMath.half;

/**
 * The inner loops of the plain products, with the rows of a tile in neighbouring lanes and the sums
 * in memory. Their shape is dictated by what C2 turns into vector instructions: bodies of about a
 * dozen operations, no reductions, and no two arrays of one element type at different offsets,
 * because C2 cannot exclude that they overlap.
 */
final class PlainLoops {
  private PlainLoops() {}

  /**
   * The length of an array of {@code n} floats that a loop runs over together with others: a
   * multiple of 64 bytes with the header, so that arrays made one after the other begin at the same
   * distance from a cache line, and one alignment serves all of a loop's vectors.
   */
  static int padded(int n) {
    return (n + 15) / 16 * 16 + 12;
  }

  /** Three vectors times two columns. */
  static void floats3x2(
      float[] w0,
      float[] w1,
      float[] a,
      int i,
      int j,
      int k,
      float[] o0,
      float[] o1,
      float[] o2,
      int n) {
    float a00 = a[i];
    float a01 = a[i + 1];
    float a10 = a[j];
    float a11 = a[j + 1];
    float a20 = a[k];
    float a21 = a[k + 1];
    for (int r = 0; r < n; r++) {
      float x0 = w0[r];
      float x1 = w1[r];
      o0[r] = fma(x1, a01, fma(x0, a00, o0[r]));
      o1[r] = fma(x1, a11, fma(x0, a10, o1[r]));
      o2[r] = fma(x1, a21, fma(x0, a20, o2[r]));
    }
  }

  /**
   * {@link #floats3x2} for short loops: the compiler shapes a method for the lengths it has seen.
   */
  static void short3x2(
      float[] w0,
      float[] w1,
      float[] a,
      int i,
      int j,
      int k,
      float[] o0,
      float[] o1,
      float[] o2,
      int n) {
    float a00 = a[i];
    float a01 = a[i + 1];
    float a10 = a[j];
    float a11 = a[j + 1];
    float a20 = a[k];
    float a21 = a[k + 1];
    for (int r = 0; r < n; r++) {
      float x0 = w0[r];
      float x1 = w1[r];
      o0[r] = fma(x1, a01, fma(x0, a00, o0[r]));
      o1[r] = fma(x1, a11, fma(x0, a10, o1[r]));
      o2[r] = fma(x1, a21, fma(x0, a20, o2[r]));
    }
  }

  /** One vector times two columns. */
  static void floats1x2(float[] w0, float[] w1, float[] a, int i, float[] o, int n) {
    float a0 = a[i];
    float a1 = a[i + 1];
    for (int r = 0; r < n; r++) {
      o[r] = fma(w1[r], a1, fma(w0[r], a0, o[r]));
    }
  }

  /** One vector times one column. */
  static void floats1x1(float[] w, float a, float[] o, int n) {
    for (int r = 0; r < n; r++) {
      o[r] = fma(w[r], a, o[r]);
    }
  }

  /** Two columns of F16 numbers, {@code n} rows apart. */
  static void halves1x2(short[] w, int i, float[] a, int k, float[] o, int n) {
    float a0 = a[k];
    float a1 = a[k + 1];
    int i1 = i + n;
    for (int r = 0; r < n; r++) {
      o[r] = fma(half(w[i1 + r]), a1, fma(half(w[i + r]), a0, o[r]));
    }
  }

  /** The bits of floats 2^112 times smaller than the F16 numbers in the lower halves. */
  static void lowHalves(int[] w, int[] bits, int n) {
    for (int r = 0; r < n; r++) {
      bits[r] = ((w[r] << 16) >> 3) & 0x8fffe000;
    }
  }

  /** The bits of floats 2^112 times smaller than the F16 numbers in the upper halves. */
  static void highHalves(int[] w, int[] bits, int n) {
    for (int r = 0; r < n; r++) {
      bits[r] = (w[r] >> 3) & 0x8fffe000;
    }
  }

  /** {@code sums += s · m}. */
  static void addHalves(short[] m, float s, float[] sums, int n) {
    for (int r = 0; r < n; r++) {
      sums[r] = fma(half(m[r]), s, sums[r]);
    }
  }

  /** {@code x = w}. */
  static void fromHalves(short[] w, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] = half(w[r]);
    }
  }

  /** {@code x = x · s}. */
  static void scale(float[] x, float s, int n) {
    for (int r = 0; r < n; r++) {
      x[r] *= s;
    }
  }

  /** {@code x = (x − zero) · d}. */
  static void scale(float[] x, float zero, float[] d, int n) {
    for (int r = 0; r < n; r++) {
      x[r] = (x[r] - zero) * d[r];
    }
  }

  /** {@code sums += (x + c) · s · d}. */
  static void addScaled(float[] x, float c, float s, float[] d, float[] sums, int n) {
    for (int r = 0; r < n; r++) {
      sums[r] = fma((x[r] + c) * s, d[r], sums[r]);
    }
  }

  /** {@code x += y}. */
  static void add(float[] y, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] += y[r];
    }
  }

  /** {@code Σ a · b}. */
  static float dot(float[] a, int ao, float[] b, int bo, int n) {
    // Reductions stay scalar; eight chains at least hide the latency of the additions.
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (; i < n - 7; i += 8) {
      s0 += a[ao + i] * b[bo + i];
      s1 += a[ao + i + 1] * b[bo + i + 1];
      s2 += a[ao + i + 2] * b[bo + i + 2];
      s3 += a[ao + i + 3] * b[bo + i + 3];
      s4 += a[ao + i + 4] * b[bo + i + 4];
      s5 += a[ao + i + 5] * b[bo + i + 5];
      s6 += a[ao + i + 6] * b[bo + i + 6];
      s7 += a[ao + i + 7] * b[bo + i + 7];
    }
    for (; i < n; i++) {
      s0 += a[ao + i] * b[bo + i];
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
  }
}
