package dev.jllm.core.kernel;

import java.util.Arrays;

/** F16 numbers: the sums of some columns are kept apart, which rounds less. */
abstract class PlainTiledStretches<C extends PlainTiledStretches.Sums> extends PlainTiledWeights {
  /** Columns that are summed up apart. */
  private static final int STRETCH = 256;

  /** What sums are multiplied by at last. */
  private final float factor;

  PlainTiledStretches(WeightSource source, PlainTiles tiles, float factor) {
    super(source, tiles);
    this.factor = factor;
  }

  /** Sums of a worker. */
  static class Sums {
    final float[][][] sums = new float[1][MANY][PlainLoops.padded(PlainPanel.ROWS)];
    final float[][] parts = new float[MANY][PlainLoops.padded(PlainPanel.ROWS)];
  }

  /** A worker's memory. */
  abstract C memory(Scratch scratch);

  /** Adds the columns {@code from ≤ k < to}, an even number but for the last, to the parts. */
  abstract void stretch(PlainTile tile, C c, Input in, int from, int to);

  @Override
  final float[][][] few(PlainTile tile, Input in, Scratch scratch) {
    C c = memory(scratch);
    tiles.packing.seek(tile, 0, lanes);
    for (int t = 0; t < in.count; t++) {
      Arrays.fill(c.sums[0][t], 0, lanes, 0);
    }
    for (int k = 0; k < columns(); k += STRETCH) {
      for (int t = 0; t < in.count; t++) {
        Arrays.fill(c.parts[t], 0, lanes, 0);
      }
      stretch(tile, c, in, k, Math.min(columns(), k + STRETCH));
      for (int t = 0; t < in.count; t++) {
        PlainLoops.floats1x1(c.parts[t], factor, c.sums[0][t], lanes);
      }
    }
    return c.sums;
  }
}
