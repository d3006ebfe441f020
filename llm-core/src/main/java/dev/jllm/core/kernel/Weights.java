package dev.jllm.core.kernel;

import dev.jllm.gguf.GgmlType;

/** The weights of a matrix in the layout of one kernel, and that kernel. */
public abstract class Weights {
  private final GgmlType type;
  private final int rows;
  private final int columns;

  /** Weights of {@code rows × columns}, once in format {@code type}. */
  protected Weights(GgmlType type, int rows, int columns) {
    this.type = type;
    this.rows = rows;
    this.columns = columns;
  }

  /** The format of the weights in the file. */
  public final GgmlType type() {
    return type;
  }

  /** Rows. */
  public final int rows() {
    return rows;
  }

  /** Columns. */
  public final int columns() {
    return columns;
  }

  /** Writes one row as floats to {@code target[offset …]}. */
  public abstract void row(int row, float[] target, int offset);

  /** The form in which {@link #multiply} wants {@code count} input vectors. */
  public abstract InputForm form(int count);

  /** Rows that are computed together: row ranges given to {@link #multiply} begin at multiples. */
  public abstract int rowStep(int count);

  /**
   * Computes {@code y[yAt + t * yStride + r] = Σ_c W[r][c] · x[t][c]} for the rows {@code from ≤ r
   * < to} and all vectors {@code t} of {@code in}. What a result is does not depend on how the rows
   * are divided.
   *
   * @param in the input, prepared in the form {@code form(in.count())}
   * @param scratch memory of the calling worker
   */
  public abstract void multiply(
      Input in, int from, int to, float[] y, int yAt, int yStride, Scratch scratch);
}
