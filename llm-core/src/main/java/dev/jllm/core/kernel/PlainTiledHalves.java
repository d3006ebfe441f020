package dev.jllm.core.kernel;

/**
 * F16 numbers, where the compiler does not convert them: they are shifted into the place of a
 * float's bits, which makes them too small by 2^112, and taken through memory for floats.
 */
final class PlainTiledHalves extends PlainTiledStretches<PlainTiledHalves.Copy> {
  /** Half of what the numbers are too small by goes to the inputs, half to the sums. */
  private static final float IN = 0x1p64f;

  private static final float OUT = 0x1p48f;

  PlainTiledHalves(WeightSource source, PlainTiles tiles) {
    super(source, tiles, OUT);
  }

  static final class Copy extends Sums {
    static final int N = PlainLoops.padded(PlainPanel.ROWS);
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
  Copy memory(Scratch scratch) {
    return scratch.object(Copy.class, Copy::new);
  }

  @Override
  void stretch(PlainTile tile, Copy c, Input in, int from, int to) {
    for (int i = from; i < to; i += 2) {
      c.read(tile, c.even, c.odd, lanes);
      for (int t = 0; t < in.count; t++) {
        int at = in.at + t * in.stride + i;
        c.input[0] = in.x[at] * IN;
        c.input[1] = i + 1 < to ? in.x[at + 1] * IN : 0;
        PlainLoops.floats1x2(c.even, c.odd, c.input, 0, c.parts[t], lanes);
      }
    }
  }

  @Override
  PlainPanel.Filler filler(PlainTile tile, int half, Scratch scratch) {
    Copy c = memory(scratch);
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
