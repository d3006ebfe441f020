package dev.jllm.core.kernel;

/** Weights of any format: a row at a time becomes floats, then a dot product with each input. */
final class PlainFloatWeights extends Weights {
  /** Vectors from which on the rows are worth turning into panels. */
  static final int MANY = 8;

  private final RowReader reader;

  PlainFloatWeights(WeightSource source, RowReader reader) {
    super(source.type(), source.rows(), source.columns());
    this.reader = reader;
  }

  @Override
  public void row(int row, float[] target, int offset) {
    reader.read(row, 0, columns(), target, offset);
  }

  @Override
  public InputForm form(int count) {
    return InputForm.ROWS;
  }

  @Override
  public int rowStep(int count) {
    return count >= MANY ? PlainPanel.ROWS / (rows() < 2048 ? 4 : 1) : 1;
  }

  @Override
  public void multiply(
      Input in, int from, int to, float[] y, int yAt, int yStride, Scratch scratch) {
    int n = columns();
    if (in.count >= MANY) {
      PlainPanel panel = scratch.object(PlainPanel.class, PlainPanel::new);
      for (int r = from; r < to; r += PlainPanel.ROWS) {
        int first = r;
        int height = Math.min(PlainPanel.ROWS, to - r);
        panel.multiply(
            (p, k, count) -> fill(p, first, height, k, count, scratch),
            in,
            height,
            n,
            y,
            yAt + r,
            yStride);
      }
      return;
    }
    float[] w = scratch.floats(0, n);
    for (int r = from; r < to; r++) {
      reader.read(r, 0, n, w, 0);
      for (int t = 0; t < in.count; t++) {
        y[yAt + t * yStride + r] = PlainLoops.dot(w, 0, in.x, in.at + t * in.stride, n);
      }
    }
  }

  /** Transposes 16 rows at a time, so that the writes to a column fill whole cache lines. */
  private void fill(PlainPanel panel, int row, int height, int k, int count, Scratch scratch) {
    float[] w = scratch.floats(0, 16 * PlainPanel.WIDTH);
    for (int r = 0; r < height; r += 16) {
      int some = Math.min(16, height - r);
      for (int i = 0; i < some; i++) {
        reader.read(row + r + i, k, count, w, i * PlainPanel.WIDTH);
      }
      for (int j = 0; j < count; j++) {
        float[] column = panel.columns[j];
        for (int i = 0; i < some; i++) {
          column[r + i] = w[i * PlainPanel.WIDTH + j];
        }
      }
    }
  }
}
