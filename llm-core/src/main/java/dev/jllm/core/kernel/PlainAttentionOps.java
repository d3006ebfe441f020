package dev.jllm.core.kernel;

import java.util.Arrays;

/** {@link AttentionOps} as loops that the JIT compiler vectorises by itself. */
final class PlainAttentionOps implements AttentionOps {
  /**
   * A page in arrays of its own for each column of keys or row of values, and the sums of three
   * queries: loops over parts of larger arrays stay scalar, as the parts might overlap.
   */
  private static final class Panel {
    float[][] lines = new float[0][];
    float[] flat = new float[0];
    float[][] sums = new float[3][0];

    void reserve(int count, int length) {
      int n = PlainLoops.padded(length);
      if (lines.length < count || lines[0].length < n) {
        lines = new float[Math.max(count, lines.length)][n];
        sums = new float[3][n];
      }
    }

    /** Takes {@code count} lines of {@code length} floats. */
    void take(float[] x, int at, int count, int length) {
      reserve(count, length);
      for (int i = 0; i < count; i++) {
        System.arraycopy(x, at + i * length, lines[i], 0, length);
      }
    }

    float[] flat(int n) {
      if (flat.length < n) {
        flat = new float[n];
      }
      return flat;
    }

    /**
     * {@code out[j · stride + c] += Σ_i a[j · step + i] · lines[i][c]} for lines {@code i < count}
     * and {@code c < n}, of {@code rows} rows.
     */
    void multiply(
        float[] a, int from, int step, int count, int rows, float[] out, int stride, int n) {
      for (int j = 0; j < rows; j += 3) {
        int some = Math.min(3, rows - j);
        for (int t = 0; t < some; t++) {
          System.arraycopy(out, (j + t) * stride, sums[t], 0, n);
        }
        int at = from + j * step;
        if (some == 3) {
          int i = 0;
          for (; i < count - 1; i += 2) {
            PlainLoops.short3x2(
                lines[i],
                lines[i + 1],
                a,
                at + i,
                at + step + i,
                at + 2 * step + i,
                sums[0],
                sums[1],
                sums[2],
                n);
          }
          for (int t = 0; t < 3 && i < count; t++) {
            PlainLoops.floats1x1(lines[i], a[at + t * step + i], sums[t], n);
          }
        } else {
          for (int t = 0; t < some; t++) {
            int i = 0;
            for (; i < count - 1; i += 2) {
              PlainLoops.floats1x2(lines[i], lines[i + 1], a, at + t * step + i, sums[t], n);
            }
            if (i < count) {
              PlainLoops.floats1x1(lines[i], a[at + t * step + i], sums[t], n);
            }
          }
        }
        for (int t = 0; t < some; t++) {
          System.arraycopy(sums[t], 0, out, (j + t) * stride, n);
        }
      }
    }
  }

  private static final ThreadLocal<Panel> PANEL = ThreadLocal.withInitial(Panel::new);

  @Override
  public void scores(float[] q, int count, int dim, float[] k, int at, float[] scores) {
    Panel p = PANEL.get();
    p.take(k, at, dim, SLOTS);
    Arrays.fill(scores, 0, count * SLOTS, 0);
    p.multiply(q, 0, dim, dim, count, scores, SLOTS, SLOTS);
  }

  @Override
  public void scores(float[] q, int count, int dim, short[] k, int at, float[] scores) {
    float[] flat = PANEL.get().flat(dim * SLOTS);
    toFloats(k, at, flat, 0, dim * SLOTS);
    scores(q, count, dim, flat, 0, scores);
  }

  @Override
  public void mix(
      float[] w, int count, int from, int to, float[] v, int at, int dim, float[] out, int width) {
    if (from >= to) {
      return;
    }
    Panel p = PANEL.get();
    p.take(v, at + from * dim, to - from, dim);
    p.multiply(w, from, SLOTS, to - from, count, out, width, width);
  }

  @Override
  public void mix(
      float[] w, int count, int from, int to, short[] v, int at, int dim, float[] out, int width) {
    float[] flat = PANEL.get().flat(dim * SLOTS);
    toFloats(v, at + from * dim, flat, from * dim, (to - from) * dim);
    mix(w, count, from, to, flat, 0, dim, out, width);
  }

  @Override
  public void scores(
      float[] q, int count, int dim, byte[] k, int at, float[] scale, int so, float[] scores) {
    float[] flat = PANEL.get().flat(dim * SLOTS);
    for (int d = 0; d < dim; d++) {
      toFloats(k, at + d * SLOTS, scale, so + d / BLOCK * SLOTS, flat, d * SLOTS, SLOTS);
    }
    scores(q, count, dim, flat, 0, scores);
  }

  @Override
  public void mix(
      float[] w,
      int count,
      int from,
      int to,
      byte[] v,
      int at,
      float[] scale,
      int so,
      int dim,
      float[] out,
      int width) {
    float[] flat = PANEL.get().flat(dim * SLOTS);
    for (int i = from; i < to; i++) {
      for (int c = 0; c < dim; c++) {
        flat[i * dim + c] = v[at + i * dim + c] * scale[so + c / BLOCK * SLOTS + i];
      }
    }
    mix(w, count, from, to, flat, 0, dim, out, width);
  }

  @Override
  public void toFloats(short[] h, int ho, float[] x, int xo, int n) {
    for (int i = 0; i < n; i++) {
      short b = h[ho + i];
      x[xo + i] =
          PlainMath.CONVERTS
              ? PlainMath.half(b)
              : Float.intBitsToFloat((b << 13) & 0x8fffe000) * 0x1p112f;
    }
  }

  @Override
  public void toFloats(byte[] q, int qo, float[] scale, int so, float[] x, int xo, int n) {
    for (int i = 0; i < n; i++) {
      x[xo + i] = q[qo + i] * scale[so + i];
    }
  }
}
