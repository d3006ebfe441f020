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

  /** Four columns of bytes, {@code n} rows apart. */
  static void bytes1x4(byte[] w, int i, float[] a, int k, float[] o, int n) {
    float a0 = a[k];
    float a1 = a[k + 1];
    float a2 = a[k + 2];
    float a3 = a[k + 3];
    int i1 = i + n;
    int i2 = i1 + n;
    int i3 = i2 + n;
    for (int r = 0; r < n; r++) {
      o[r] = fma(w[i3 + r], a3, fma(w[i2 + r], a2, fma(w[i1 + r], a1, fma(w[i + r], a0, o[r]))));
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

  /** {@code sums += (part − c) · d}. */
  static void scaleHalves(float[] part, float c, short[] d, float[] sums, int n) {
    for (int r = 0; r < n; r++) {
      sums[r] = fma(part[r] - c, half(d[r]), sums[r]);
    }
  }

  /** {@code sums += s · m}. */
  static void addHalves(short[] m, float s, float[] sums, int n) {
    for (int r = 0; r < n; r++) {
      sums[r] = fma(half(m[r]), s, sums[r]);
    }
  }

  /** {@code sums += part · d}. */
  static void scaleBytes(float[] part, byte[] d, float[] sums, int n) {
    for (int r = 0; r < n; r++) {
      sums[r] = fma(part[r], d[r], sums[r]);
    }
  }

  /** {@code sums += s · m}, with {@code m} from {@code i} on. */
  static void addBytes(byte[] m, int i, float s, float[] sums, int n) {
    for (int r = 0; r < n; r++) {
      sums[r] = fma(m[i + r], s, sums[r]);
    }
  }

  /** {@code x = w · d}. */
  static void fromBytes(byte[] w, int i, float[] d, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] = w[i + r] * d[r];
    }
  }

  /** {@code x = w}. */
  static void fromHalves(short[] w, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] = half(w[r]);
    }
  }

  /** {@code x = y · w}. */
  static void multiply(byte[] w, int i, float[] y, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] = y[r] * w[i + r];
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
}
