package dev.jllm.core.kernel;

import dev.jllm.core.kernel.PlainTiles.Form;
import dev.jllm.core.kernel.PlainTiles.Tile;
import java.nio.Buffer;
import java.util.Arrays;

/**
 * Weights in {@link PlainTiles}. Few vectors are multiplied by the integers as they are, many with a
 * panel of the weights as floats. The activations stay floats.
 */
final class PlainTiledWeights extends Weights {
  private static final int MANY = 8;

  private final RowReader reader;
  private final PlainTiles tiles;

  PlainTiledWeights(WeightSource source, PlainTiles tiles) {
    super(source.type(), source.rows(), source.columns());
    this.tiles = tiles;
    reader = RowReaders.of(source.type(), source.map(), source.columns());
  }

  /** Copies of one step of a tile, and sums. */
  private static final class Copy {
    static final int N = PlainPanel.ROWS;
    final byte[] bytes = new byte[32 * N];
    final int[] ints = new int[4 * N];
    final float[] d = new float[N];
    final float[] m = new float[N];
    final float[] sums = new float[N];
    final float[] part = new float[N];
    final PlainPanel panel = new PlainPanel();
  }

  @Override
  public void row(int row, float[] target, int offset) {
    reader.read(row, 0, columns(), target, offset);
  }

  @Override
  public InputForm form(int count) {
    return InputForm.ROWS;
  }

  @Override
  public int rowStep(int count) {
    return tiles.height;
  }

  @Override
  public void multiply(
      Input in, int from, int to, float[] y, int yAt, int yStride, Scratch scratch) {
    Copy c = scratch.object(Copy.class, Copy::new);
    for (int row = from; row < to; row += tiles.height) {
      Tile tile = tiles.tile(row);
      int n = Math.min(tiles.height, to - row);
      synchronized (tile) {
        if (in.count >= MANY) {
          c.panel.multiply(
              (panel, first, count) -> fill(tile, c, panel, first, count),
              in,
              n,
              columns(),
              y,
              yAt + row,
              yStride);
        } else {
          for (int t = 0; t < in.count; t++) {
            Arrays.fill(c.sums, 0);
            one(tile, c, in, t);
            System.arraycopy(c.sums, 0, y, yAt + t * yStride + row, n);
          }
        }
      }
    }
  }

  /** Older Androids have this method in the superclass only. */
  private static void seek(Buffer buffer, int position) {
    buffer.position(position);
  }

  private void one(Tile tile, Copy c, Input in, int t) {
    int h = tiles.height;
    int group = tiles.blocks.group;
    seek(tile.bytes, 0);
    seek(tile.ints, 0);
    seek(tile.scales, 0);
    seek(tile.offsets, 0);
    for (int k = 0; k < columns(); k += group) {
      int i = in.at + t * in.stride + k;
      tile.scales.get(c.d, 0, h);
      Arrays.fill(c.part, 0, h, 0);
      if (tiles.form == Form.NIBBLES) {
        tile.ints.get(c.ints, 0, group / 8 * h);
        float sum = 0;
        for (int g = 0; g < group; g++) {
          sum += in.x[i + g];
          PlainLoops.nibbles1x1(c.ints, g / 8 * h, 4 * (g & 7), in.x[i + g], c.part, h);
        }
        PlainLoops.addConstant(-8 * sum, c.part, h);
      } else {
        tile.bytes.get(c.bytes, 0, group * h);
        for (int g = 0; g < group; g += 4) {
          PlainLoops.bytes1x4(c.bytes, g * h, in.x, i + g, c.part, h);
        }
      }
      PlainLoops.scale(c.part, c.d, c.sums, h);
      if (tiles.blocks.offset) {
        tile.offsets.get(c.m, 0, h);
        float sum = 0;
        for (int g = 0; g < group; g++) {
          sum += in.x[i + g];
        }
        PlainLoops.floats1x1(c.m, sum, c.sums, h);
      }
    }
  }

  private void fill(Tile tile, Copy c, PlainPanel panel, int first, int count) {
    int h = tiles.height;
    int group = tiles.blocks.group;
    seek(tile.scales, first / group * h);
    seek(tile.offsets, first / group * h);
    seek(tile.bytes, tiles.form == Form.BYTES ? first * h : 0);
seek(tile.ints, tiles.form == Form.BYTES ? 0 : first / 8 * h);
    for (int k = 0; k < count; k += group) {
      tile.scales.get(c.d, 0, h);
      if (tiles.form == Form.NIBBLES) {
        tile.ints.get(c.ints, 0, group / 8 * h);
        for (int g = 0; g < group; g++) {
          PlainLoops.fromNibbles(
              c.ints, g / 8 * h, 4 * (g & 7), c.d, panel.columns[k + g], h);
        }
      } else {
        tile.bytes.get(c.bytes, 0, group * h);
        for (int g = 0; g < group; g++) {
          PlainLoops.fromBytes(c.bytes, g * h, c.d, panel.columns[k + g], h);
        }
      }
      if (tiles.blocks.offset) {
        tile.offsets.get(c.m, 0, h);
        for (int g = 0; g < group; g++) {
          PlainLoops.add(c.m, panel.columns[k + g], h);
        }
      }
    }
  }
}
