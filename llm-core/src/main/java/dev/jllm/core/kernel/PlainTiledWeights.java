package dev.jllm.core.kernel;

import dev.jllm.core.kernel.PlainFormat.Form;
import dev.jllm.core.kernel.PlainTiles.Tile;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;

/**
 * Weights in {@link PlainTiles}. Few vectors are multiplied by the numbers as they are, many by a
 * panel of the weights as floats. The activations stay floats.
 */
final class PlainTiledWeights extends Weights {
  private static final int MANY = 6;

  /** Columns of F16 numbers that are summed up apart. */
  private static final int STRETCH = 256;

  /** Bytes that are copied at once: up to here the JVM copies at the full speed of memory. */
  private static final int PIECE = 2048;

  private final RowReader reader;
  private final PlainTiles tiles;
  private final PlainFormat format;

  PlainTiledWeights(WeightSource source, PlainTiles tiles) {
    super(source.type(), source.rows(), source.columns());
    this.tiles = tiles;
    format = tiles.format;
    reader = RowReaders.of(source.type(), source.map(), source.columns());
  }

  /**
   * What a worker copies of a tile, some columns at a time, and sums up. The copies are small:
   * copying up to 2 KB at a time runs at the speed of memory, and what is overwritten again and
   * again stays in the innermost cache.
   */
  private static final class Copy {
    static final int N = PlainPanel.ROWS;
    final float[][] sums = arrays();
    final float[][] blocks = arrays();
    final float[][] minima = arrays();
    final float[][] parts = arrays();
    final float[] totals = new float[MANY];
    final byte[] bytes = new byte[4 * N];
    final short[] shorts = new short[2 * N];
    final int[] ints = new int[N];
    final byte[] scales = new byte[2 * N];
    final short[] large = new short[N];
    final short[] offsets = new short[N];
    final float[] d = new float[PlainLoops.padded(N)];
    final float[] m = new float[PlainLoops.padded(N)];
    final float[] groupD = new float[PlainLoops.padded(N)];
    final float[] groupM = new float[PlainLoops.padded(N)];

    private static float[][] arrays() {
      return new float[MANY][PlainLoops.padded(N)];
    }
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
          PlainPanel panel = scratch.object(PlainPanel.class, PlainPanel::new);
          panel.multiply(
              (p, first, count) -> fill(tile, c, p, first, count),
              in,
              n,
              columns(),
              y,
              yAt + row,
              yStride);
        } else {
          few(tile, c, in);
          for (int t = 0; t < in.count; t++) {
            System.arraycopy(c.sums[t], 0, y, yAt + t * yStride + row, n);
          }
        }
      }
    }
  }

  private void few(Tile tile, Copy c, Input in) {
    int h = tiles.height;
    tile.seek(tiles, 0);
    for (int t = 0; t < in.count; t++) {
      Arrays.fill(c.sums[t], 0, h, 0);
    }
    switch (format.form) {
      case HALVES:
        halves(tile, c, in, h);
        break;
      default:
        for (int k = 0; k < columns(); k += format.block) {
          tile.large.get(c.large, 0, h);
          if (format.offset) {
            tile.large.get(c.offsets, 0, h);
          }
          if (format.nested) {
            nested(tile, c, in, k, h);
          } else {
            simple(tile, c, in, k, h);
          }
        }
    }
  }

  private void halves(Tile tile, Copy c, Input in, int h) {
    for (int k = 0; k < columns(); k += STRETCH) {
      int end = Math.min(columns(), k + STRETCH);
      for (int t = 0; t < in.count; t++) {
        Arrays.fill(c.parts[t], 0, h, 0);
      }
      for (int i = k; i + 1 < end; i += 2) {
        copy(tile.shorts, c.shorts, 2 * h);
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
        PlainLoops.add(c.parts[t], c.sums[t], h);
      }
    }
  }

  private void simple(Tile tile, Copy c, Input in, int k, int h) {
    group(tile, c, in, k, h);
    for (int t = 0; t < in.count; t++) {
      PlainLoops.scaleHalves(c.parts[t], format.zero * c.totals[t], c.large, c.sums[t], h);
      if (format.offset) {
        PlainLoops.addHalves(c.offsets, c.totals[t], c.sums[t], h);
      }
    }
  }

  private void nested(Tile tile, Copy c, Input in, int k, int h) {
    for (int t = 0; t < in.count; t++) {
      Arrays.fill(c.blocks[t], 0, h, 0);
      Arrays.fill(c.minima[t], 0, h, 0);
    }
    for (int g = k; g < k + format.block; g += format.group) {
      group(tile, c, in, g, h);
      tile.scales.get(c.scales, 0, tiles.scalesOfGroup() * h);
      for (int t = 0; t < in.count; t++) {
        PlainLoops.scaleBytes(c.parts[t], c.scales, c.blocks[t], h);
        if (format.offset) {
          PlainLoops.addBytes(c.scales, h, c.totals[t], c.minima[t], h);
        }
      }
    }
    for (int t = 0; t < in.count; t++) {
      PlainLoops.scaleHalves(c.blocks[t], 0, c.large, c.sums[t], h);
      if (format.offset) {
        PlainLoops.scaleHalves(c.minima[t], 0, c.offsets, c.sums[t], h);
      }
    }
  }

  private static void copy(IntBuffer from, int[] to, int n) {
    for (int i = 0; i < n; i += PIECE / 4) {
      from.get(to, i, Math.min(PIECE / 4, n - i));
    }
  }

  private static void copy(ShortBuffer from, short[] to, int n) {
    for (int i = 0; i < n; i += PIECE / 2) {
      from.get(to, i, Math.min(PIECE / 2, n - i));
    }
  }

  private static void copy(ByteBuffer from, byte[] to, int n) {
    for (int i = 0; i < n; i += PIECE) {
      from.get(to, i, Math.min(PIECE, n - i));
    }
  }

  /** Sums of the products of a group, and of its inputs, of all vectors. */
  private void group(Tile tile, Copy c, Input in, int k, int h) {
    for (int t = 0; t < in.count; t++) {
      Arrays.fill(c.parts[t], 0, h, 0);
      if (format.offset || format.zero != 0) {
        float total = 0;
        int i = in.at + t * in.stride + k;
        for (int g = 0; g < format.group; g++) {
          total += in.x[i + g];
        }
        c.totals[t] = total;
      }
    }
    switch (format.form) {
      case NIBBLES:
        for (int g = k; g < k + format.group; g += 8) {
          copy(tile.ints, c.ints, h);
          for (int t = 0; t < in.count; t++) {
            int i = in.at + t * in.stride + g;
            PlainLoops.lowNibbles1x4(c.ints, in.x, i, c.parts[t], h);
            PlainLoops.highNibbles1x4(c.ints, in.x, i + 4, c.parts[t], h);
          }
        }
        break;
      default:
        for (int g = k; g < k + format.group; g += 4) {
          copy(tile.bytes, c.bytes, 4 * h);
          for (int t = 0; t < in.count; t++) {
            PlainLoops.bytes1x4(c.bytes, 0, in.x, in.at + t * in.stride + g, c.parts[t], h);
          }
        }
    }
  }

  /** Writes {@code count} columns from {@code first} on, the first of a block, as floats. */
  private void fill(Tile tile, Copy c, PlainPanel panel, int first, int count) {
    int h = tiles.height;
    tile.seek(tiles, first);
    if (format.form == Form.HALVES) {
      for (int k = 0; k < count; k++) {
        tile.shorts.get(c.shorts, 0, h);
        PlainLoops.fromHalves(c.shorts, panel.columns[k], h);
      }
      return;
    }
    for (int k = 0; k < count; k += format.group) {
      if (k % format.block == 0) {
        tile.large.get(c.large, 0, h);
        PlainLoops.fromHalves(c.large, c.d, h);
        if (format.offset) {
          tile.large.get(c.offsets, 0, h);
          PlainLoops.fromHalves(c.offsets, c.m, h);
        }
      }
      float[] d = c.d;
      float[] m = c.m;
      if (format.nested) {
        tile.scales.get(c.scales, 0, tiles.scalesOfGroup() * h);
        PlainLoops.multiply(c.scales, 0, c.d, c.groupD, h);
        d = c.groupD;
        if (format.offset) {
          PlainLoops.multiply(c.scales, h, c.m, c.groupM, h);
          m = c.groupM;
        }
      }
      columns(tile, c, panel, k, d, h);
      for (int g = k; g < k + format.group && format.offset; g++) {
        PlainLoops.add(m, panel.columns[g], h);
      }
    }
  }

  private void columns(Tile tile, Copy c, PlainPanel panel, int k, float[] d, int h) {
    if (format.form == Form.NIBBLES) {
      for (int g = 0; g < format.group; g++) {
        if ((g & 7) == 0) {
          copy(tile.ints, c.ints, h);
        }
        PlainLoops.fromNibbles(c.ints, 4 * (g & 7), format.zero, d, panel.columns[k + g], h);
      }
    } else {
      for (int g = 0; g < format.group; g++) {
        if ((g & 3) == 0) {
          copy(tile.bytes, c.bytes, 4 * h);
        }
        PlainLoops.fromBytes(c.bytes, (g & 3) * h, d, panel.columns[k + g], h);
      }
    }
  }
}
