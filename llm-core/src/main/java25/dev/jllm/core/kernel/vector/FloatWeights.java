package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.FloatTile.COLUMNS;
import static dev.jllm.core.kernel.vector.Lanes.L;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.InputForm;
import dev.jllm.core.kernel.Scratch;
import dev.jllm.core.kernel.WeightSource;
import dev.jllm.core.kernel.Weights;
import java.util.Arrays;

/**
 * Weights used as they lie in the file. Few input vectors: each row is multiplied straight from its
 * blocks. Many: a panel of rows × {@value FloatTile#COLUMNS} columns becomes floats once and is
 * multiplied with all inputs.
 */
final class FloatWeights extends Weights {
  /** Up to here each input vector is a pass of its own over the row. */
  static final int FEW = 4;

  /** Rows of a panel. */
  private static final int ROWS = 48;

  private final FileRows rows;

  FloatWeights(WeightSource source, FileRows rows) {
    super(source.type(), source.rows(), source.columns());
    this.rows = rows;
  }

  @Override
  public void row(int row, float[] target, int offset) {
    rows.read(row, 0, columns(), target, offset);
  }

  @Override
  public InputForm form(int count) {
    return count <= FEW ? rows.form() : InputForm.PANEL;
  }

  @Override
  public int rowStep(int count) {
    return count <= FEW ? rows.streams() : ROWS;
  }

  @Override
  public void multiply(
      Input in, int from, int to, float[] y, int yAt, int yStride, Scratch scratch) {
    if (in.form != InputForm.PANEL) {
      few(in, from, to, y, yAt, yStride, scratch);
      return;
    }
    int padded = Lanes.up(in.count, L);
    float[] acc = scratch.floats(0, ROWS * padded);
    float[] w = scratch.floats(1, ROWS * COLUMNS);
    for (int r = from; r < to; r += ROWS) {
      int n = Math.min(ROWS, to - r);
      Arrays.fill(acc, 0, ROWS * padded, 0);
      for (int c = 0; c < columns(); c += COLUMNS) {
        panel(in, r, n, c, Math.min(COLUMNS, columns() - c), w, acc, padded);
      }
      store(acc, padded, n, in.count, y, yAt + r, yStride);
    }
  }

  /** The rows are divided into streams; what one lacks is done twice. */
  private void few(Input in, int from, int to, float[] y, int yAt, int yStride, Scratch scratch) {
    int streams = rows.streams();
    int[] some = scratch.ints(0, 4);
    float[] out = scratch.floats(0, FileRows.room());
    int stream = (to - from + streams - 1) / streams;
    boolean prepared = in.form != InputForm.ROWS;
    float[] x = prepared ? in.floats : in.x;
    int first = prepared ? 0 : in.at;
    int distance = prepared ? in.columns : in.stride;
    for (int r = from; r < from + stream; r++) {
      for (int i = 0; i < streams; i++) {
        some[i] = Math.min(to - 1, r + i * stream);
      }
      for (int t = 0; t < in.count; t++) {
        rows.dots(some, x, first + t * distance, out);
        for (int i = 0; i < streams; i++) {
          y[yAt + t * yStride + some[i]] = out[i];
        }
      }
    }
  }

  /** Multiplies {@code n} rows × {@code k} columns with all inputs. */
  private void panel(Input in, int row, int n, int c, int k, float[] w, float[] acc, int padded) {
    for (int i = 0; i < n; i++) {
      rows.read(row + i, c, k, w, i * COLUMNS);
    }
    int groups = (n + 5) / 6;
    for (int i = n; i < groups * 6; i++) {
      Arrays.fill(w, i * COLUMNS, i * COLUMNS + k, 0);
    }
    for (int t = 0; t < padded; t += 2 * L) {
      boolean wide = t + 2 * L <= padded;
      int xo = t * columns() + c * (wide ? 2 * L : L);
      for (int g = 0; g < groups; g++) {
        int ao = g * 6 * padded + t;
        if (wide) {
          FloatTile.wide(in.floats, xo, w, g * 6 * COLUMNS, k, acc, ao, padded);
        } else {
          FloatTile.narrow(in.floats, xo, w, g * 6 * COLUMNS, k, acc, ao, padded);
        }
      }
    }
  }

  private static void store(
      float[] acc, int padded, int n, int count, float[] y, int yAt, int yStride) {
    for (int t0 = 0; t0 < count; t0 += 16) {
      int t1 = Math.min(count, t0 + 16);
      for (int i = 0; i < n; i++) {
        for (int t = t0; t < t1; t++) {
          y[yAt + t * yStride + i] = acc[i * padded + t];
        }
      }
    }
  }

  /** Parts of the preparation of a panel: tiles of vectors × stretches of columns. */
  static int prepareParts(Input in) {
    in.reserve(Lanes.up(in.count, L) * in.columns, 0, 0, 0);
    return (in.count + 2 * L - 1) / (2 * L) * stretches(in);
  }

  private static int stretches(Input in) {
    return (in.columns + 511) / 512;
  }

  /** Interleaves the vectors of a tile: {@code [column][vector]}. */
  static void prepare(Input in, int part) {
    int t = part / stretches(in) * 2 * L;
    int width = Math.min(2 * L, Lanes.up(in.count, L) - t);
    int from = part % stretches(in) * 512;
    int to = Math.min(in.columns, from + 512);
    float[] x = in.x;
    float[] o = in.floats;
    int base = t * in.columns;
    for (int c0 = from; c0 < to; c0 += 32) {
      int c1 = Math.min(to, c0 + 32);
      for (int v = 0; v < width; v++) {
        if (t + v < in.count) {
          int at = in.at + (t + v) * in.stride;
          for (int c = c0; c < c1; c++) {
            o[base + c * width + v] = x[at + c];
          }
        } else {
          for (int c = c0; c < c1; c++) {
            o[base + c * width + v] = 0;
          }
        }
      }
    }
  }
}
