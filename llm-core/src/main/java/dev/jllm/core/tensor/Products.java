package dev.jllm.core.tensor;

/**
 * A reusable list of matrix products that run as one parallel region: the query, key and value
 * projections together, gate and up together, all experts of a layer together. Inputs that occur
 * several times are prepared (quantised) once.
 */
public final class Products {
  private Matrix[] matrices = new Matrix[8];
  private Activations[] inputs = new Activations[8];
  private Activations[] outputs = new Activations[8];
  private int[] ranges = new int[24];
  private int size;

  /** Empties the list. */
  public Products clear() {
    size = 0;
    return this;
  }

  /** Adds {@code y = W x} for all rows of {@code x}; {@code y} is resized to as many rows. */
  public Products add(Matrix w, Activations x, Activations y) {
    y.resize(x.rows());
    return add(w, x, 0, y, 0, x.rows());
  }

  /**
   * Adds {@code y[yRow + i] = W x[xRow + i]} for {@code i < count}. Rows of one {@code y} written
   * by different products must not overlap.
   */
  public Products add(Matrix w, Activations x, int xRow, Activations y, int yRow, int count) {
    if (w.columns() != x.width() || w.rows() != y.width()) {
      throw new IllegalArgumentException(
          "matrix of "
              + w.rows()
              + " x "
              + w.columns()
              + " times "
              + x.width()
              + " into "
              + y.width());
    }
    if (size == matrices.length) {
      matrices = java.util.Arrays.copyOf(matrices, 2 * size);
      inputs = java.util.Arrays.copyOf(inputs, 2 * size);
      outputs = java.util.Arrays.copyOf(outputs, 2 * size);
      ranges = java.util.Arrays.copyOf(ranges, 6 * size);
    }
    matrices[size] = w;
    inputs[size] = x;
    outputs[size] = y;
    ranges[3 * size] = xRow;
    ranges[3 * size + 1] = yRow;
    ranges[3 * size + 2] = count;
    size++;
    return this;
  }

  /** Computes all products and empties the list. */
  public void run(Workers workers) {
    for (int p = 0; p < size; p++) {
      Matrix w = matrices[p];
      Activations x = inputs[p];
      Activations y = outputs[p];
      int xRow = ranges[3 * p];
      int yRow = ranges[3 * p + 1];
      int count = ranges[3 * p + 2];
      float[] row = new float[w.columns()];
      for (int r = 0; r < w.rows(); r++) {
        w.row(r, row, 0);
        for (int i = 0; i < count; i++) {
          float sum = 0;
          int at = (xRow + i) * x.width();
          for (int c = 0; c < row.length; c++) {
            sum += row[c] * x.data()[at + c];
          }
          y.data()[(yRow + i) * y.width() + r] = sum;
        }
      }
    }
    size = 0;
  }
}
