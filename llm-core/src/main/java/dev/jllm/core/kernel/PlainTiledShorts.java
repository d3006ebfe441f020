package dev.jllm.core.kernel;

import java.nio.ShortBuffer;
import java.util.Arrays;

/** F16 numbers, where the compiler converts them. */
final class PlainTiledShorts extends PlainTiledWeights {
  PlainTiledShorts(WeightSource source, PlainTiles tiles) {
    super(source, tiles);
  }

  private static final class Copy {
    final float[][][] sums = new float[1][MANY][PlainLoops.padded(PlainPanel.ROWS)];
    final float[][] parts = new float[MANY][PlainLoops.padded(PlainPanel.ROWS)];
    final short[] shorts = new short[2 * PlainPanel.ROWS];

    /** Two columns, in copies of up to 2 KB, which run at the full speed of memory. */
    void two(ShortBuffer from, int h) {
      from.get(shorts, 0, h);
      from.get(shorts, h, h);
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
      for (int i = k; i + 1 < end; i += 2) {
        c.two(tile.shorts, h);
        for (int t = 0; t < in.count; t++) {
          PlainLoops.halves1x2(c.shorts, 0, in.x, in.at + t * in.stride + i, c.parts[t], h);
        }
      }
      if ((end & 1) != 0) {
        tile.shorts.get(c.shorts, 0, h);
        for (int t = 0; t < in.count; t++) {
          float x = in.x[in.at + t * in.stride + end - 1];
          PlainLoops.addHalves(c.shorts, x, c.parts[t], h);
        }
      }
      for (int t = 0; t < in.count; t++) {
        PlainLoops.add(c.parts[t], sums[t], h);
      }
    }
    return c.sums;
  }

  @Override
  PlainPanel.Filler filler(PlainTile tile, int half, Scratch scratch) {
    Copy c = scratch.object(Copy.class, Copy::new);
    return (panel, first, count) -> {
      tiles.packing.seek(tile, first, lanes);
      for (int k = 0; k < count; k++) {
        tile.shorts.get(c.shorts, 0, lanes);
        PlainLoops.fromHalves(c.shorts, panel.columns[k], lanes);
      }
    };
  }
}
