package dev.jllm.core.kernel;

import dev.jllm.core.kernel.PlainTiles.Form;
import dev.jllm.core.kernel.PlainTiles.Tile;
import java.nio.Buffer;
import java.util.Arrays;

/**
 * Weights in {@link PlainTiles}. Few vectors are multiplied as they are, by 8-bit activations where
 * the weights stay integers; many with a panel of the weights as floats.
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
    final char[] chars = new char[16 * N];
    final short[] shorts = new short[16 * N];
    final float[] d = new float[N];
    final float[] m = new float[N];
    final float[] sums = new float[N];
    final float[] part = new float[N];
    final short[] low = new short[N];
    final short[] high = new short[N];
    final PlainPanel panel = new PlainPanel();
  }

  @Override
  public void row(int row, float[] target, int offset) {
    reader.read(row, 0, columns(), target, offset);
  }

  @Override
  public InputForm form(int count) {
    return count >= MANY || tiles.form == Form.BYTES ? InputForm.ROWS : InputForm.BLOCKS_32;
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
            switch (tiles.form) {
              case NIBBLES:
                nibbles(tile, c, in, t);
                break;
              case BYTES:
                bytes(tile, c, in, t);
                break;
              default:
                pairs(tile, c, in, t);
            }
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

  private void nibbles(Tile tile, Copy c, Input in, int t) {
    int h = tiles.height;
    int[] a = in.ints;
    seek(tile.chars, 0);
    seek(tile.scales, 0);
    seek(tile.offsets, 0);
    for (int k = 0; k < columns(); k += 32) {
      int i = t * columns() + k;
      int sum = in.starts[i >> 4] + in.starts[(i >> 4) + 1];
      float s = in.floats[i >> 5];
      tile.chars.get(c.chars, 0, 8 * h);
      tile.scales.get(c.d, 0, h);
      Arrays.fill(c.low, 0, h, (short) (-8 * sum));
      for (int g = 0; g < 8; g++, i += 4) {
        PlainLoops.nibbles1x4(
            c.chars,
            g * h,
            (short) a[i],
            (short) a[i + 1],
            (short) a[i + 2],
            (short) a[i + 3],
            c.low,
            h);
      }
      PlainLoops.scale(c.low, c.d, s, c.sums, h);
      if (tiles.blocks.offset) {
        tile.offsets.get(c.m, 0, h);
        PlainLoops.floats1x1(c.m, s * sum, c.sums, h);
      }
    }
  }

  private void bytes(Tile tile, Copy c, Input in, int t) {
    int h = tiles.height;
    int group = tiles.blocks.group;
    seek(tile.bytes, 0);
    seek(tile.scales, 0);
    seek(tile.offsets, 0);
    for (int k = 0; k < columns(); k += group) {
      int i = in.at + t * in.stride + k;
      tile.bytes.get(c.bytes, 0, group * h);
      tile.scales.get(c.d, 0, h);
      Arrays.fill(c.part, 0, h, 0);
      for (int g = 0; g < group; g += 4) {
        PlainLoops.bytes1x4(c.bytes, g * h, in.x, i + g, c.part, h);
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

  private void pairs(Tile tile, Copy c, Input in, int t) {
    int h = tiles.height;
    int group = tiles.blocks.group;
    int[] a = in.ints;
    seek(tile.chars, 0);
    seek(tile.scales, 0);
    seek(tile.offsets, 0);
    for (int k = 0; k < columns(); k += group) {
      int i = t * columns() + k;
      int sum = in.starts[i >> 4] + (group == 32 ? in.starts[(i >> 4) + 1] : 0);
      float s = in.floats[i >> 5];
      tile.chars.get(c.chars, 0, group / 2 * h);
      tile.scales.get(c.d, 0, h);
      Arrays.fill(c.low, 0, h, (short) (-8 * sum));
      Arrays.fill(c.high, 0, h, (short) (-8 * sum));
      for (int g = 0; g < group / 2; g++, i += 2) {
        PlainLoops.pairs1x2(c.chars, g * h, (short) a[i], (short) a[i + 1], c.low, c.high, h);
      }
      // q + 128 = 16 h + l, so q = 16 (h − 8) + (l − 8) + 8.
      PlainLoops.scale(c.low, c.high, 8 * sum, c.d, s, c.sums, h);
      if (tiles.blocks.offset) {
        tile.offsets.get(c.m, 0, h);
        PlainLoops.floats1x1(c.m, s * sum, c.sums, h);
      }
    }
  }

  private void fill(Tile tile, Copy c, PlainPanel panel, int first, int count) {
    int h = tiles.height;
    int group = tiles.blocks.group;
    seek(tile.scales, first / group * h);
    seek(tile.offsets, first / group * h);
    seek(tile.bytes, tiles.form == Form.BYTES ? first * h : 0);
    seek(tile.shorts, 
        tiles.form == Form.BYTES ? 0 : first / (tiles.form == Form.NIBBLES ? 4 : 2) * h);
    for (int k = 0; k < count; k += group) {
      tile.scales.get(c.d, 0, h);
      if (tiles.form == Form.NIBBLES) {
        tile.shorts.get(c.shorts, 0, group / 4 * h);
        for (int g = 0; g < group; g++) {
          PlainLoops.fromNibbles(
              c.shorts, g / 4 * h, 4 * (g & 3), c.d, panel.columns[k + g], h);
        }
      } else if (tiles.form == Form.BYTES) {
        tile.bytes.get(c.bytes, 0, group * h);
        for (int g = 0; g < group; g++) {
          PlainLoops.fromBytes(c.bytes, g * h, c.d, panel.columns[k + g], h);
        }
      } else {
        tile.shorts.get(c.shorts, 0, group / 2 * h);
        for (int g = 0; g < group; g++) {
          PlainLoops.fromPairs(c.shorts, g / 2 * h, 8 * (g & 1), c.d, panel.columns[k + g], h);
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
