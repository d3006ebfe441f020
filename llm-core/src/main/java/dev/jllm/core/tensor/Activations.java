package dev.jllm.core.tensor;

import java.util.Arrays;

/**
 * A batch of float vectors, one row a token: {@code data[row * width + column]}. Grows, never
 * shrinks, so that a workspace allocates only while it warms up.
 */
public final class Activations {
  private final int width;
  private float[] data = new float[0];
  private int rows;

  /** An empty batch of vectors of {@code width} floats. */
  public Activations(int width) {
    this.width = width;
  }

  /** Sets the number of rows; the content of new rows is undefined. Returns this. */
  public Activations resize(int newRows) {
    int needed = Math.multiplyExact(newRows, width);
    if (needed > data.length) {
      data = Arrays.copyOf(data, needed);
    }
    rows = newRows;
    return this;
  }

  /** The floats; valid until the next {@link #resize}. */
  public float[] data() {
    return data;
  }

  /** Rows in use. */
  public int rows() {
    return rows;
  }

  /** Floats in a row. */
  public int width() {
    return width;
  }
}
