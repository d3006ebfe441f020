package dev.jllm.core.cache;

/** Rows of 32-bit floats. */
final class F32Rows extends KvRows {
  private final float[] data;

  F32Rows(int heads, int dim) {
    this(heads, dim, new float[heads * SLOTS * dim]);
  }

  private F32Rows(int heads, int dim, float[] data) {
    super(heads, dim);
    this.data = data;
  }

  @Override
  public void store(float[] source, int offset, int slot) {
    for (int h = 0; h < heads; h++) {
      System.arraycopy(source, offset + h * dim, data, at(h, slot), dim);
    }
  }

  @Override
  public void scores(float[] q, int count, int head, int rows, float[] scores) {
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < rows; i++) {
        scores[j * SLOTS + i] = dot(q, j * dim, data, at(head, i), dim);
      }
    }
  }

  @Override
  public void mix(
      float[] weights, int count, int head, int from, int rows, float[] out, int width) {
    for (int j = 0; j < count; j++) {
      for (int i = from; i < rows; i++) {
        float w = weights[j * SLOTS + i];
        if (w != 0) {
          int row = at(head, i);
          int to = j * width;
          for (int c = 0; c < width; c++) {
            out[to + c] += w * data[row + c];
          }
        }
      }
    }
  }

  /** Four partial sums, so that additions do not wait for one another. */
  static float dot(float[] a, int ao, float[] b, int bo, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      s0 += a[ao + i] * b[bo + i];
      s1 += a[ao + i + 1] * b[bo + i + 1];
      s2 += a[ao + i + 2] * b[bo + i + 2];
      s3 += a[ao + i + 3] * b[bo + i + 3];
    }
    for (; i < n; i++) {
      s0 += a[ao + i] * b[bo + i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  public KvRows copy() {
    return new F32Rows(heads, dim, data.clone());
  }

  @Override
  public long bytes() {
    return 4L * data.length;
  }
}
