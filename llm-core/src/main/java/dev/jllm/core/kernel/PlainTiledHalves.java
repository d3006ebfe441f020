package dev.jllm.core.kernel;

import java.util.Arrays;

/**
 * F16 numbers, where the compiler does not convert them: they are shifted into the place of a
 * float's bits, which makes them too small by 2^112, and taken through memory for floats.
 */
final class PlainTiledHalves extends PlainTiledWeights {
  /** Half of what the numbers are too small by goes to the inputs, half to the sums. */
  private static final float IN = 0x1p64f;

  private static final float OUT = 0x1p48f;

  PlainTiledHalves(WeightSource source, PlainTiles tiles) {
    super(source, tiles);
  }

  private static final class Copy {
    static final int N = PlainLoops.padded(PlainPanel.ROWS);
    final float[][][] sums = new float[1][MANY][N];
    final float[][] parts = new float[MANY][N];
    final float[] even = new float[N];
    final float[] odd = new float[N];
    final float[] input = new float[2];
    final int[] ints = new int[N];
    final PlainTransfer transfer = new PlainTransfer();

    /** The next two columns. */
    void read(PlainTile tile, float[] low, float[] high, int n) {
      tile.ints.get(ints, 0, n);
      PlainLoops.lowHalves(ints, transfer.bits, n);
      transfer.floats(low, n);
      PlainLoops.highHalves(ints, transfer.bits, n);
      transfer.floats(high, n);
    }
  }

  @Override
  float[][][] few(PlainTile tile, Input in, Scratch scratch) {
    Copy c = scratch.object(Copy.class, Copy::new);
    float[][] sums = c.sums[0];
    int h = lanes;
    for (int t = 0; t < in.count; t++) {
      Arrays.fill(sums[t], 0, h, 0);
    }
    for (int k = 0; k < columns(); k += STRETCH) {
      int end = Math.min(columns(), k + STRETCH);
      for (int t = 0; t < in.count; t++) {
        Arrays.fill(c.parts[t], 0, h, 0);
      }
      for (int i = k; i < end; i += 2) {
        c.read(tile, c.even, c.odd, h);
        for (int t = 0; t < in.count; t++) {
          int at = in.at + t * in.stride + i;
          c.input[0] = in.x[at] * IN;
          c.input[1] = i + 1 < end ? in.x[at + 1] * IN : 0;
          PlainLoops.floats1x2(c.even, c.odd, c.input, 0, c.parts[t], h);
        }
      }
      for (int t = 0; t < in.count; t++) {
        PlainLoops.floats1x1(c.parts[t], OUT, sums[t], h);
      }
    }
    return c.sums;
  }

  @Override
  PlainPanel.Filler filler(PlainTile tile, int half, Scratch scratch) {
    Copy c = scratch.object(Copy.class, Copy::new);
    return (panel, first, count) -> {
      tiles.packing.seek(tile, first, lanes);
      for (int k = 0; k < count; k += 2) {
        float[] even = panel.columns[k];
        float[] odd = k + 1 < count ? panel.columns[k + 1] : c.odd;
        c.read(tile, even, odd, lanes);
        PlainLoops.scale(even, IN * OUT, lanes);
        PlainLoops.scale(odd, IN * OUT, lanes);
      }
    };
  }
}
