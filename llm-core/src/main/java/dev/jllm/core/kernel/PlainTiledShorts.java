package dev.jllm.core.kernel;

import java.nio.ShortBuffer;

/** F16 numbers, where the compiler converts them. */
final class PlainTiledShorts extends PlainTiledStretches<PlainTiledShorts.Copy> {
  PlainTiledShorts(WeightSource source, PlainTiles tiles) {
    super(source, tiles, 1);
  }

  static final class Copy extends Sums {
    final short[] shorts = new short[2 * PlainPanel.ROWS];

    /** Two columns, in copies of up to 2 KB, which run at the full speed of memory. */
    void two(ShortBuffer from, int h) {
      from.get(shorts, 0, h);
      from.get(shorts, h, h);
    }
  }

  @Override
  Copy memory(Scratch scratch) {
    return scratch.object(Copy.class, Copy::new);
  }

  @Override
  void stretch(PlainTile tile, Copy c, Input in, int from, int to) {
    int even = to - (to - from & 1);
    for (int i = from; i < even; i += 2) {
      c.two(tile.shorts, lanes);
      for (int t = 0; t < in.count; t++) {
        PlainLoops.halves1x2(c.shorts, 0, in.x, in.at + t * in.stride + i, c.parts[t], lanes);
      }
    }
    if (even < to) {
      tile.shorts.get(c.shorts, 0, lanes);
      for (int t = 0; t < in.count; t++) {
        PlainLoops.addHalves(c.shorts, in.x[in.at + t * in.stride + even], c.parts[t], lanes);
      }
    }
  }

  @Override
  PlainPanel.Filler filler(PlainTile tile, int half, Scratch scratch) {
    Copy c = memory(scratch);
    return (panel, first, count) -> {
      tiles.packing.seek(tile, first, lanes);
      for (int k = 0; k < count; k++) {
        tile.shorts.get(c.shorts, 0, lanes);
        PlainLoops.fromHalves(c.shorts, panel.columns[k], lanes);
      }
    };
  }
}
