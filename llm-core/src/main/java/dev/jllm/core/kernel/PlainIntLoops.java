package dev.jllm.core.kernel;

import static dev.jllm.core.kernel.PlainMath.half;

/**
 * Inner loops over whole numbers, which C2 has made vectors of since JDK 17 at least. As in {@link
 * PlainLoops} no array has an offset; products are added from left to right, one to the other,
 * because JDK 25 makes slower code of {@code o + (p + q)}.
 */
final class PlainIntLoops {
  /** The bits of 1.5 · 2^23: a float whose lowest bits count ones. */
  private static final int ONES = 0x4b400000;

  /** What {@link #bits} adds. */
  static final float MIDDLE = 0x1.8p23f;

  private PlainIntLoops() {}

  /**
   * Turns the inputs of four columns into what {@link #pairs} and {@link #quads} want, {@code a0,
   * a1 − 2^bits · a0, a2 − 2^bits · a1, …}. With them numbers need not be cut out: for {@code w = Σ
   * q_i · 2^(bits · i)} the sum {@code Σ q_i · a_i} is {@code Σ (w >>> bits · i) · a'_i}, as what
   * higher columns contribute too much is what the following term takes away.
   */
  static void differences(int[] a, int k, int bits) {
    for (int i = k + 3; i > k; i--) {
      a[i] -= a[i - 1] << bits;
    }
  }

  /**
   * Four columns of 4 bits, of one row in the lower and of another in the upper half of each {@code
   * w}, times the {@link #differences} of their inputs. A sum of both rows in one number, {@code
   * low + 2^16 · high}, is exact as long as each of them fits 16 bits.
   */
  static void pairs(int[] w, int[] a, int k, int[] o, int n) {
    int a0 = a[k];
    int a1 = a[k + 1];
    int a2 = a[k + 2];
    int a3 = a[k + 3];
    for (int r = 0; r < n; r++) {
      int x = w[r];
      o[r] =
          o[r]
              + x * a0
              + (x >>> 4 & 0x0fff0fff) * a1
              + (x >>> 8 & 0x00ff00ff) * a2
              + (x >>> 12 & 0x000f000f) * a3;
    }
  }

  /** {@link #pairs} to begin with. */
  static void firstPairs(int[] w, int[] a, int k, int start, int[] o, int n) {
    int a0 = a[k];
    int a1 = a[k + 1];
    int a2 = a[k + 2];
    int a3 = a[k + 3];
    for (int r = 0; r < n; r++) {
      int x = w[r];
      o[r] =
          start
              + x * a0
              + (x >>> 4 & 0x0fff0fff) * a1
              + (x >>> 8 & 0x00ff00ff) * a2
              + (x >>> 12 & 0x000f000f) * a3;
    }
  }

  /** Four columns of 8 bits without sign in each {@code w}, times the {@link #differences}. */
  static void quads(int[] w, int[] a, int k, int[] o, int n) {
    int a0 = a[k];
    int a1 = a[k + 1];
    int a2 = a[k + 2];
    int a3 = a[k + 3];
    for (int r = 0; r < n; r++) {
      int x = w[r];
      o[r] = o[r] + x * a0 + (x >>> 8) * a1 + (x >>> 16) * a2 + (x >>> 24) * a3;
    }
  }

  /** {@link #quads} to begin with. */
  static void firstQuads(int[] w, int[] a, int k, int start, int[] o, int n) {
    int a0 = a[k];
    int a1 = a[k + 1];
    int a2 = a[k + 2];
    int a3 = a[k + 3];
    for (int r = 0; r < n; r++) {
      int x = w[r];
      o[r] = start + x * a0 + (x >>> 8) * a1 + (x >>> 16) * a2 + (x >>> 24) * a3;
    }
  }

  /** {@code sums += (low half of o + c) · s}, with the signed byte {@code s} at a place of s. */
  static void scaleLow(int[] o, int c, int[] s, int place, int[] sums, int n) {
    int left = 24 - 8 * place;
    for (int r = 0; r < n; r++) {
      sums[r] += ((o[r] << 16 >> 16) + c) * (s[r] << left >> 24);
    }
  }

  /** The same with the upper half. */
  static void scaleHigh(int[] o, int c, int[] s, int place, int[] sums, int n) {
    int left = 24 - 8 * place;
    for (int r = 0; r < n; r++) {
      sums[r] += ((o[r] + 0x8000 >> 16) + c) * (s[r] << left >> 24);
    }
  }

  /** {@code sums += o · s}. */
  static void scale(int[] o, int[] s, int place, int[] sums, int n) {
    int left = 24 - 8 * place;
    for (int r = 0; r < n; r++) {
      sums[r] += o[r] * (s[r] << left >> 24);
    }
  }

  /** The bits of floats {@link #MIDDLE} larger than the lower halves. */
  static void lowBits(int[] o, int[] bits, int n) {
    for (int r = 0; r < n; r++) {
      bits[r] = (o[r] << 16 >> 16) + ONES;
    }
  }

  /** The same of the upper halves. */
  static void highBits(int[] o, int[] bits, int n) {
    for (int r = 0; r < n; r++) {
      bits[r] = (o[r] + 0x8000 >> 16) + ONES;
    }
  }

  /** The same of a signed byte. */
  static void byteBits(int[] s, int place, int[] bits, int n) {
    int left = 24 - 8 * place;
    for (int r = 0; r < n; r++) {
      bits[r] = (s[r] << left >> 24) + ONES;
    }
  }

  /** The bits of floats {@link #MIDDLE} larger than {@code x / 2^shift}, of 22 bits and a sign. */
  static void bits(int[] x, int shift, int[] bits, int n) {
    int middle = 1 << shift >> 1;
    for (int r = 0; r < n; r++) {
      bits[r] = (x[r] + middle >> shift) + ONES;
    }
  }

  /** The bits of floats {@link #MIDDLE} larger than some bits of {@code w}. */
  static void bits(int[] w, int shift, int mask, int[] bits, int n) {
    for (int r = 0; r < n; r++) {
      bits[r] = (w[r] >>> shift & mask) + ONES;
    }
  }

  /** {@code sums += x · s · d}, from JDK 20 on. */
  static void addFloats(int[] x, float s, short[] d, float[] sums, int n) {
    for (int r = 0; r < n; r++) {
      sums[r] = PlainMath.fma(x[r] * s, half(d[r]), sums[r]);
    }
  }

  /** {@code sums += (low half of o + c) · s · d}, from JDK 20 on. */
  static void addLow(int[] o, float c, float s, short[] d, float[] sums, int n) {
    for (int r = 0; r < n; r++) {
      sums[r] = PlainMath.fma(((o[r] << 16 >> 16) + c) * s, half(d[r]), sums[r]);
    }
  }

  /** The same with the upper half. */
  static void addHigh(int[] o, float c, float s, short[] d, float[] sums, int n) {
    for (int r = 0; r < n; r++) {
      sums[r] = PlainMath.fma(((o[r] + 0x8000 >> 16) + c) * s, half(d[r]), sums[r]);
    }
  }

  /** {@code x = d · s} with a signed byte, from JDK 20 on. */
  static void multiply(int[] s, int place, float[] d, float[] x, int n) {
    int left = 24 - 8 * place;
    for (int r = 0; r < n; r++) {
      x[r] = (s[r] << left >> 24) * d[r];
    }
  }

  /** {@code x = ((w >> shift & mask) − zero) · d}, from JDK 20 on. */
  static void fromBits(int[] w, int shift, int mask, int zero, float[] d, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] = ((w[r] >>> shift & mask) - zero) * d[r];
    }
  }
}
