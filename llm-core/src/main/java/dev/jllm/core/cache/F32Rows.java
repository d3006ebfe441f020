package dev.jllm.core.cache;

/** Rows of 32-bit floats. */
final class F32Rows extends KvRows {
  private final float[] data;

  F32Rows(int heads, int dim, boolean columns) {
    this(heads, dim, columns, new float[heads * SLOTS * dim]);
  }

  private F32Rows(int heads, int dim, boolean columns, float[] data) {
    super(heads, dim, columns);
    this.data = data;
  }

  @Override
  public void store(float[] source, int offset, int slot) {
    int step = step();
    for (int h = 0; h < heads; h++) {
      int to = at(h, slot);
      for (int c = 0; c < dim; c++) {
        data[to + c * step] = source[offset + h * dim + c];
      }
    }
  }

  @Override
  public void scores(float[] q, int count, int head, int rows, float[] scores) {
    if (columns) {
      ATTENTION.scores(q, count, dim, data, at(head, 0), scores);
      return;
    }
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < rows; i++) {
        scores[j * SLOTS + i] = FLOATS.dot(q, j * dim, data, at(head, i), dim);
      }
    }
  }

  @Override
  public void mix(
      float[] weights, int count, int head, int from, int rows, float[] out, int width) {
    ATTENTION.mix(weights, count, from, rows, data, at(head, 0), dim, out, width);
  }

  @Override
  public KvRows copy() {
    return new F32Rows(heads, dim, columns, data.clone());
  }

  @Override
  public long bytes() {
    return 4L * data.length;
  }
}
