package dev.jllm.core.kernel;

import java.util.Arrays;

/** {@link AttentionOps} as loops that the JIT compiler vectorises by itself. */
final class PlainAttentionOps implements AttentionOps {
  private static final ThreadLocal<float[]> PANEL = ThreadLocal.withInitial(() -> new float[0]);

  private static float[] panel(int n) {
    float[] p = PANEL.get();
    if (p.length < n) {
      p = new float[n];
      PANEL.set(p);
    }
    return p;
  }

  @Override
  public void scores(float[] q, int count, int dim, float[] k, int at, float[] scores) {
    Arrays.fill(scores, 0, count * SLOTS, 0);
    for (int j = 0; j < count; j++) {
      for (int d = 0; d < dim; d++) {
        axpy(q[j * dim + d], k, at + d * SLOTS, scores, j * SLOTS, SLOTS);
      }
    }
  }

  @Override
  public void scores(float[] q, int count, int dim, short[] k, int at, float[] scores) {
    float[] p = panel(dim * SLOTS);
    toFloats(k, at, p, 0, dim * SLOTS);
    scores(q, count, dim, p, 0, scores);
  }

  @Override
  public void mix(
      float[] w, int count, int from, int to, float[] v, int at, int dim, float[] out, int width) {
    for (int j = 0; j < count; j++) {
      for (int i = from; i < to; i++) {
        axpy(w[j * SLOTS + i], v, at + i * dim, out, j * width, width);
      }
    }
  }

  private static void axpy(float s, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += s * x[xo + i];
    }
  }

  @Override
  public void mix(
      float[] w, int count, int from, int to, short[] v, int at, int dim, float[] out, int width) {
    float[] p = panel(dim * SLOTS);
    toFloats(v, at + from * dim, p, from * dim, (to - from) * dim);
    mix(w, count, from, to, p, 0, dim, out, width);
  }

  @Override
  public void toFloats(short[] h, int ho, float[] x, int xo, int n) {
    for (int i = 0; i < n; i++) {
      int b = h[ho + i];
      x[xo + i] = Float.intBitsToFloat((b << 13) & 0x8fffe000) * 0x1p112f;
    }
  }

  @Override
  public void toFloats(byte[] q, int qo, float[] scale, int so, float[] x, int xo, int n) {
    for (int i = 0; i < n; i++) {
      x[xo + i] = q[qo + i] * scale[so + i];
    }
  }
}
