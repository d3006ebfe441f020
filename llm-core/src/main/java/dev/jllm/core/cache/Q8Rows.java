package dev.jllm.core.cache;

import dev.jllm.core.kernel.AttentionOps;

/** Rows of bytes with one 16-bit scale for 32 values, rounded as the block format Q8_0. */
final class Q8Rows extends KvRows {
  private static final int BLOCK = AttentionOps.BLOCK;
  private final byte[] data;

  /** Of each head, for each 32 values of a row and each slot; side by side in the slots. */
  private final float[] scales;

  Q8Rows(int heads, int dim, boolean columns) {
    this(
        heads, dim, columns, new byte[heads * SLOTS * dim], new float[heads * SLOTS * dim / BLOCK]);
  }

  private Q8Rows(int heads, int dim, boolean columns, byte[] data, float[] scales) {
    super(heads, dim, columns);
    this.data = data;
    this.scales = scales;
  }

  private int scaleAt(int head, int block) {
    return (head * (dim / BLOCK) + block) * SLOTS;
  }

  @Override
  public void store(float[] source, int offset, int slot) {
    int step = step();
    for (int h = 0; h < heads; h++) {
      for (int b = 0; b < dim; b += BLOCK) {
        int from = offset + h * dim + b;
        int to = at(h, slot) + b * step;
        float max = 0;
        for (int i = 0; i < BLOCK; i++) {
          max = Math.max(max, Math.abs(source[from + i]));
        }
        float scale = max / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        scales[scaleAt(h, b / BLOCK) + slot] = F16Rows.toFloat(F16Rows.toHalf(scale));
        for (int i = 0; i < BLOCK; i++) {
          data[to + i * step] = (byte) Math.round(source[from + i] * inverse);
        }
      }
    }
  }

  @Override
  public void scores(float[] q, int count, int head, int rows, float[] scores) {
    if (columns) {
      ATTENTION.scores(q, count, dim, data, at(head, 0), scales, scaleAt(head, 0), scores);
      return;
    }
    float[] panel = panel(SLOTS * dim + BLOCK);
    floats(head, 0, rows, panel);
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < rows; i++) {
        scores[j * SLOTS + i] = FLOATS.dot(q, j * dim, panel, i * dim, dim);
      }
    }
  }

  /** Rows {@code from} to {@code to} of a head as floats, each at its place. */
  private void floats(int head, int from, int to, float[] panel) {
    int same = SLOTS * dim; // where a block's scale is repeated
    for (int i = from; i < to; i++) {
      for (int b = 0; b < dim; b += BLOCK) {
        java.util.Arrays.fill(panel, same, same + BLOCK, scales[scaleAt(head, b / BLOCK) + i]);
        ATTENTION.toFloats(data, at(head, i) + b, panel, same, panel, i * dim + b, BLOCK);
      }
    }
  }

  @Override
  public void mix(
      float[] weights, int count, int head, int from, int rows, float[] out, int width) {
    ATTENTION.mix(
        weights, count, from, rows, data, at(head, 0), scales, scaleAt(head, 0), dim, out, width);
  }

  @Override
  public KvRows copy() {
    return new Q8Rows(heads, dim, columns, data.clone(), scales.clone());
  }

  @Override
  public long bytes() {
    return data.length + 4L * scales.length;
  }
}
