package dev.jllm.core.tensor;

import dev.jllm.gguf.GgmlType;

/**
 * An immutable matrix of weights, {@code rows × columns}, in some block format and memory layout.
 * {@link Products} multiplies with it: {@code y[t][r] = Σ_c W[r][c] · x[t][c]}.
 */
public interface Matrix {
  /** Rows: the width of the result. */
  int rows();

  /** Columns: the width of the input. */
  int columns();

  /** The format of the weights in the file. */
  GgmlType type();

  /** Writes one row as floats to {@code target[offset …]} (embedding lookup). */
  void row(int row, float[] target, int offset);
}
