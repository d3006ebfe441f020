package dev.jllm.core.kernel;

import java.util.Arrays;

/**
 * The product of a tile of rows with many vectors: a block of columns at a time becomes floats in a
 * panel that stays in the second-level cache, {@code columns[k][row]}, and is then multiplied with
 * all vectors. One a worker.
 */
final class PlainPanel {
  /** Columns of a panel: a multiple of every format's block. */
  static final int WIDTH = 256;

  /** Rows of a tile. */
  static final int ROWS = 512;

  /** Vectors that share one conversion of a panel. */
  private static final int VECTORS = 256;

  final float[][] columns = new float[WIDTH][PlainLoops.padded(ROWS)];
  private final float[][] part = new float[3][PlainLoops.padded(ROWS)];
  private float[][] sums = new float[0][];

  /** Writes {@code count} columns from {@code first} on into {@link #columns}. */
  @FunctionalInterface
  interface Filler {
    void fill(PlainPanel panel, int first, int count);
  }

  /** Multiplies {@code n} rows, the first of which is written to {@code y[yAt]}. */
  void multiply(Filler filler, Input in, int n, int width, float[] y, int yAt, int yStride) {
    for (int from = 0; from < in.count; from += VECTORS) {
      int count = Math.min(VECTORS, in.count - from);
      reserve(count);
      for (int t = 0; t < count; t++) {
        Arrays.fill(sums[t], 0, n, 0);
      }
      for (int k = 0; k < width; k += WIDTH) {
        int part = Math.min(WIDTH, width - k);
        filler.fill(this, k, part);
        add(in, from, count, k, part, n);
      }
      for (int t = 0; t < count; t++) {
        System.arraycopy(sums[t], 0, y, yAt + (from + t) * yStride, n);
      }
    }
  }

  private void reserve(int count) {
    int had = sums.length;
    if (had < count) {
      sums = Arrays.copyOf(sums, count);
      for (int t = had; t < count; t++) {
        sums[t] = new float[PlainLoops.padded(ROWS)];
      }
    }
  }

  /** Sums up this panel's products apart, which rounds less and stays in the innermost cache. */
  private void add(Input in, int from, int count, int first, int width, int n) {
    for (int t = 0; t < count; t += 3) {
      int vectors = Math.min(3, count - t);
      for (int j = 0; j < vectors; j++) {
        Arrays.fill(part[j], 0, n, 0);
      }
      int at = in.at + (from + t) * in.stride + first;
      if (vectors == 3) {
        three(in.x, at, in.stride, width, n);
      } else {
        for (int j = 0; j < vectors; j++) {
          one(in.x, at + j * in.stride, width, part[j], n);
        }
      }
      for (int j = 0; j < vectors; j++) {
        PlainLoops.add(part[j], sums[t + j], n);
      }
    }
  }

  private void three(float[] x, int at, int stride, int width, int n) {
    float[][] w = columns;
    float[] p = part[0];
    float[] q = part[1];
    float[] r = part[2];
    int even = width & ~1;
    for (int k = 0; k < even; k += 2) {
      int i = at + k;
      PlainLoops.floats3x2(w[k], w[k + 1], x, i, i + stride, i + 2 * stride, p, q, r, n);
    }
    for (int j = 0; j < 3 && even < width; j++) {
      PlainLoops.floats1x1(w[even], x[at + j * stride + even], part[j], n);
    }
  }

  private void one(float[] x, int at, int width, float[] sum, int n) {
    float[][] w = columns;
    int even = width & ~1;
    for (int k = 0; k < even; k += 2) {
      PlainLoops.floats1x2(w[k], w[k + 1], x, at + k, sum, n);
    }
    if (even < width) {
      PlainLoops.floats1x1(w[even], x[at + even], sum, n);
    }
  }
}
