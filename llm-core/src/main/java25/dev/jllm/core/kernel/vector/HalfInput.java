package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.L;

import dev.jllm.core.kernel.Input;

/** Inputs for rows of 16-bit weights that are loaded two to a lane. */
final class HalfInput {
  /**
   * Inputs are multiplied by this, results by its inverse: an F16 whose bits stand in the places of
   * a float's is 2^−112 of itself, and of the product's exponent neither end must be reached.
   */
  static final float UP = 0x1p56f;

  private HalfInput() {}

  /** One part a vector. */
  static int prepareParts(Input in) {
    in.reserve(in.count * in.columns, 0, 0, 0);
    return in.count;
  }

  /** Splits a vector; what fills no two vectors' width stays as it is. */
  static void prepare(Input in, int part) {
    float[] x = in.x;
    float[] y = in.floats;
    int from = in.at + part * in.stride;
    int to = part * in.columns;
    int n = whole(in.columns);
    for (int i = 0; i < n; i += 2 * L) {
      for (int j = 0; j < L; j++) {
        y[to + i + j] = x[from + i + 2 * j] * UP;
        y[to + i + L + j] = x[from + i + 2 * j + 1] * UP;
      }
    }
    System.arraycopy(x, from + n, y, to + n, in.columns - n);
  }

  /** Columns that fill two vectors' width. */
  static int whole(int columns) {
    return columns / (2 * L) * (2 * L);
  }
}
