package dev.jllm.core.tensor;

import dev.jllm.core.kernel.Weights;
import dev.jllm.gguf.GgmlType;

/** A matrix in parts of whole rows, each below 2 GiB. */
final class WeightMatrix implements Matrix {
  private final GgmlType type;
  private final int rows;
  private final int columns;
  private final int partRows;
  private final Weights[] parts;

  /** All parts but the last have {@code partRows} rows. */
  WeightMatrix(GgmlType type, int rows, int columns, int partRows, Weights[] parts) {
    this.type = type;
    this.rows = rows;
    this.columns = columns;
    this.partRows = partRows;
    this.parts = parts;
  }

  int parts() {
    return parts.length;
  }

  Weights part(int index) {
    return parts[index];
  }

  int firstRow(int index) {
    return index * partRows;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public GgmlType type() {
    return type;
  }

  @Override
  public void row(int row, float[] target, int offset) {
    if (row < 0 || row >= rows) {
      throw new IndexOutOfBoundsException("row " + row + " of " + rows);
    }
    parts[row / partRows].row(row % partRows, target, offset);
  }
}
