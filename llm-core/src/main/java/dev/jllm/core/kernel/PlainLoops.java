package dev.jllm.core.kernel;

/**
 * The inner loops of the plain products, with the rows of a tile in neighbouring lanes and the sums
 * in memory. Their shape is dictated by what C2 turns into vector instructions: bodies of about a
 * dozen operations, no reductions, and no two arrays of one element type at different offsets,
 * because C2 cannot exclude that they overlap.
 */
final class PlainLoops {
  /** Whether the JIT compiler converts bytes and ints to floats in vectors: JDK 20 and later. */
  static final boolean CONVERTS = javaVersion() >= 20;

  private PlainLoops() {}

  private static int javaVersion() {
    try {
      return Integer.parseInt(System.getProperty("java.specification.version", "0"));
    } catch (NumberFormatException e) {
      return 0; // 1.8, or Android's 0.9
    }
  }

  /** Three vectors times one column: what newer compilers like best. */
  static void floats3x1(
      float[] w, float[] a, int i, int j, int k, float[] o0, float[] o1, float[] o2, int n) {
    float a0 = a[i];
    float a1 = a[j];
    float a2 = a[k];
    for (int r = 0; r < n; r++) {
      float x = w[r];
      o0[r] += x * a0;
      o1[r] += x * a1;
      o2[r] += x * a2;
    }
  }

  /** Two vectors times two columns: what JDK 17 likes best. */
  static void floats2x2(
      float[] w0, float[] w1, float[] a, int i, int j, float[] o0, float[] o1, int n) {
    float a00 = a[i];
    float a01 = a[i + 1];
    float a10 = a[j];
    float a11 = a[j + 1];
    for (int r = 0; r < n; r++) {
      float x0 = w0[r];
      float x1 = w1[r];
      o0[r] += x0 * a00 + x1 * a01;
      o1[r] += x0 * a10 + x1 * a11;
    }
  }

  /** One vector times two columns. */
  static void floats1x2(float[] w0, float[] w1, float[] a, int i, float[] o, int n) {
    float a0 = a[i];
    float a1 = a[i + 1];
    for (int r = 0; r < n; r++) {
      o[r] += w0[r] * a0 + w1[r] * a1;
    }
  }

  /** One vector times one column. */
  static void floats1x1(float[] w, float a, float[] o, int n) {
    for (int r = 0; r < n; r++) {
      o[r] += w[r] * a;
    }
  }

  /** Four columns of bytes as floats, {@code n} rows apart. */
  static void bytes1x4(byte[] w, int i, float[] a, int k, float[] o, int n) {
    float a0 = a[k];
    float a1 = a[k + 1];
    float a2 = a[k + 2];
    float a3 = a[k + 3];
    int i1 = i + n;
    int i2 = i + 2 * n;
    int i3 = i + 3 * n;
    for (int r = 0; r < n; r++) {
      o[r] += w[i + r] * a0 + w[i1 + r] * a1 + w[i2 + r] * a2 + w[i3 + r] * a3;
    }
  }

  /** {@code acc += o · d}. */
  static void scale(float[] o, float[] d, float[] acc, int n) {
    for (int r = 0; r < n; r++) {
      acc[r] += o[r] * d[r];
    }
  }

  /** One of the eight columns of nibbles in {@code w}. */
  static void nibbles1x1(int[] w, int i, int shift, float a, float[] o, int n) {
    for (int r = 0; r < n; r++) {
      o[r] += ((w[i + r] >> shift) & 15) * a;
    }
  }

  /** One of the eight columns in {@code w}, as floats: {@code x = (nibble − 8) · d}. */
  static void fromNibbles(int[] w, int i, int shift, float[] d, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] = (((w[i + r] >> shift) & 15) - 8) * d[r];
    }
  }

  /** {@code x += c}. */
  static void addConstant(float c, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] += c;
    }
  }

  /** One column of bytes, as floats. */
  static void fromBytes(byte[] w, int i, float[] d, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] = w[i + r] * d[r];
    }
  }

  /** {@code x += y}. */
  static void add(float[] y, float[] x, int n) {
    for (int r = 0; r < n; r++) {
      x[r] += y[r];
    }
  }
}
