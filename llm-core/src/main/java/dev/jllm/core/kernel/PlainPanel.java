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
  private static final int VECTORS = 512;

  final float[][] columns = new float[WIDTH][ROWS];
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
        sums[t] = new float[ROWS];
      }
    }
  }

  private void add(Input in, int from, int count, int first, int width, int n) {
    float[][] w = columns;
    float[] x = in.x;
    int t = 0;
    int even = width & ~1;
    int stride = in.stride;
    for (; PlainLoops.CONVERTS && t < count - 2; t += 3) {
      int i = in.at + (from + t) * stride + first;
      for (int k = 0; k < even; k++, i++) {
        PlainLoops.floats3x1(
            w[k], x, i, i + stride, i + 2 * stride, sums[t], sums[t + 1], sums[t + 2], n);
      }
    }
    for (; !PlainLoops.CONVERTS && t < count - 1; t += 2) {
      int i = in.at + (from + t) * stride + first;
      for (int k = 0; k < even; k += 2, i += 2) {
        PlainLoops.floats2x2(w[k], w[k + 1], x, i, i + stride, sums[t], sums[t + 1], n);
      }
    }
    for (; t < count; t++) {
      int i = in.at + (from + t) * in.stride + first;
      for (int k = 0; k < even; k += 2) {
        PlainLoops.floats1x2(w[k], w[k + 1], x, i + k, sums[t], n);
      }
    }
    if (even < width) {
      for (t = 0; t < count; t++) {
        float a = x[in.at + (from + t) * in.stride + first + even];
        PlainLoops.floats1x1(w[even], a, sums[t], n);
      }
    }
  }
}
