package dev.jllm.core.cache;

/** Rows of bytes with one 16-bit scale for 32 values, rounded as the block format Q8_0. */
final class Q8Rows extends KvRows {
  private static final int BLOCK = 32;
  private final byte[] data;
  private final float[] scales;

  Q8Rows(int heads, int dim) {
    this(heads, dim, new byte[heads * SLOTS * dim], new float[heads * SLOTS * dim / BLOCK]);
  }

  private Q8Rows(int heads, int dim, byte[] data, float[] scales) {
    super(heads, dim);
    this.data = data;
    this.scales = scales;
  }

  @Override
  public void store(float[] source, int offset, int slot) {
    for (int h = 0; h < heads; h++) {
      for (int b = 0; b < dim; b += BLOCK) {
        int from = offset + h * dim + b;
        int to = at(h, slot) + b;
        float max = 0;
        for (int i = 0; i < BLOCK; i++) {
          max = Math.max(max, Math.abs(source[from + i]));
        }
        float scale = max / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        scales[to / BLOCK] = F16Rows.toFloat(F16Rows.toHalf(scale));
        for (int i = 0; i < BLOCK; i++) {
          data[to + i] = (byte) Math.round(source[from + i] * inverse);
        }
      }
    }
  }

  @Override
  public void scores(float[] q, int count, int head, int rows, float[] scores) {
    for (int i = 0; i < rows; i++) {
      int row = at(head, i);
      for (int j = 0; j < count; j++) {
        float sum = 0;
        for (int b = 0; b < dim; b += BLOCK) {
          float part = 0;
          for (int c = b; c < b + BLOCK; c++) {
            part += q[j * dim + c] * data[row + c];
          }
          sum += part * scales[(row + b) / BLOCK];
        }
        scores[j * SLOTS + i] = sum;
      }
    }
  }

  @Override
  public void mix(
      float[] weights, int count, int head, int from, int rows, float[] out, int width) {
    for (int i = from; i < rows; i++) {
      int row = at(head, i);
      for (int j = 0; j < count; j++) {
        float w = weights[j * SLOTS + i];
        if (w != 0) {
          for (int b = 0; b < width; b += BLOCK) {
            float ws = w * scales[(row + b) / BLOCK];
            int end = Math.min(width, b + BLOCK);
            for (int c = b; c < end; c++) {
              out[j * width + c] += ws * data[row + c];
            }
          }
        }
      }
    }
  }

  @Override
  public KvRows copy() {
    return new Q8Rows(heads, dim, data.clone(), scales.clone());
  }

  @Override
  public long bytes() {
    return data.length + 4L * scales.length;
  }
}
