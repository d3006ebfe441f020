package dev.jllm.core.kernel.vector;

import dev.jllm.core.kernel.FloatOps;
import dev.jllm.core.kernel.RowReader;

/** Rows in any format, which become floats before they are multiplied. */
record AnyRows(RowReader reader, int columns, FloatOps floats, ThreadLocal<float[]> row)
    implements FileRows {
  AnyRows(RowReader reader, int columns, FloatOps floats) {
    this(reader, columns, floats, ThreadLocal.withInitial(() -> new float[columns]));
  }

  @Override
  public void read(int r, int from, int count, float[] target, int offset) {
    reader.read(r, from, count, target, offset);
  }

  @Override
  public void dots(int[] rows, float[] x, int at, float[] y) {
    float[] w = row.get();
    for (int i = 0; i < streams(); i++) {
      reader.read(rows[i], 0, columns, w, 0);
      y[i] = floats.dot(w, 0, x, at, columns);
    }
  }
}
