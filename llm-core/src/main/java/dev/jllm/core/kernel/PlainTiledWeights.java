package dev.jllm.core.kernel;

/**
 * Weights in {@link PlainTiles}. Few vectors are multiplied by the numbers as they are, many by a
 * panel of the weights as floats.
 */
abstract class PlainTiledWeights extends Weights {
  /** Vectors from which on a panel is worth its making. */
  static final int MANY = 6;

  final PlainTiles tiles;
  final PlainFormat format;

  /** Lanes of a tile. */
  final int lanes;

  private final int halves;
  private final RowReader reader;

  PlainTiledWeights(WeightSource source, PlainTiles tiles) {
    super(source.type(), source.rows(), source.columns());
    this.tiles = tiles;
    lanes = tiles.lanes;
    format = tiles.packing.format;
    halves = tiles.packing.halves;
    reader = RowReaders.of(source.type(), source.map(), source.columns());
  }

  /** The weights of {@code source}, repacked as suits this JVM. */
  static PlainTiledWeights of(WeightSource source, PlainFormat format, Kernels.Forker forker) {
    PlainTiles tiles = new PlainTiles(source, PlainPacking.of(format), forker);
    if (tiles.packing instanceof PlainIntPacking) {
      return new PlainTiledInts(source, tiles);
    }
    return PlainMath.CONVERTS
        ? new PlainTiledShorts(source, tiles)
        : new PlainTiledHalves(source, tiles);
  }

  @Override
  public final void row(int row, float[] target, int offset) {
    reader.read(row, 0, columns(), target, offset);
  }

  @Override
  public InputForm form(int count) {
    return InputForm.ROWS;
  }

  @Override
  public final int rowStep(int count) {
    return tiles.height;
  }

  static boolean few(int count) {
    return count < MANY;
  }

  /** Sums of the rows of a lane, {@code [half][vector][lane]}, over a tile. */
  abstract float[][][] few(PlainTile tile, Input in, Scratch scratch);

  /** What writes a tile's rows of a half as floats. */
  abstract PlainPanel.Filler filler(PlainTile tile, int half, Scratch scratch);

  @Override
  public final void multiply(
      Input in, int from, int to, float[] y, int yAt, int yStride, Scratch scratch) {
    for (int row = from; row < to; row += tiles.height) {
      PlainTile tile = tiles.tile(row);
      synchronized (tile) {
        if (few(in.count)) {
          float[][][] sums = few(tile, in, scratch);
          for (int half = 0; half < halves; half++) {
            int first = row + half * lanes;
            int n = Math.min(lanes, to - first);
            for (int t = 0; t < in.count && n > 0; t++) {
              System.arraycopy(sums[half][t], 0, y, yAt + t * yStride + first, n);
            }
          }
        } else {
          PlainPanel panel = scratch.object(PlainPanel.class, PlainPanel::new);
          for (int first = row; first < Math.min(to, row + tiles.height); first += lanes) {
            int n = Math.min(lanes, to - first);
            PlainPanel.Filler filler = filler(tile, (first - row) / lanes, scratch);
            panel.multiply(filler, in, n, columns(), y, yAt + first, yStride);
          }
        }
      }
    }
  }
}
