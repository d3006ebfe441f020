package dev.jllm.core.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Numbers of 8 bits, where the compiler makes floats of them. The activations stay floats. */
final class PlainTiledBytes extends PlainTiledWeights {
  /** Bytes that are copied at once: up to here the JVM copies at the full speed of memory. */
  private static final int PIECE = 2048;

  /** Scales of a group, and likewise of a block. */
  private final int scales;

  PlainTiledBytes(WeightSource source, PlainTiles tiles) {
    super(source, tiles);
    scales = ((PlainBytePacking) tiles.packing).scales;
  }

  /**
   * What a worker copies of a tile, some columns at a time, and sums up. The copies are small:
   * copying up to 2 KB at a time runs at the speed of memory, and what is overwritten again and
   * again stays in the innermost cache.
   */
  private static final class Copy {
    static final int N = PlainPanel.ROWS;
    final float[][][] sums = {arrays()};
    final float[][] blocks = arrays();
    final float[][] minima = arrays();
    final float[][] parts = arrays();
    final float[] totals = new float[MANY];
    final byte[] bytes = new byte[4 * N];
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
  float[][][] few(PlainTile tile, Input in, Scratch scratch) {
    Copy c = scratch.object(Copy.class, Copy::new);
    for (int t = 0; t < in.count; t++) {
      Arrays.fill(c.sums[0][t], 0, lanes, 0);
    }
    for (int k = 0; k < columns(); k += format.block) {
      tile.large.get(c.large, 0, lanes);
      if (format.offset) {
        tile.large.get(c.offsets, 0, lanes);
      }
      if (format.nested) {
        nested(tile, c, in, k, lanes);
      } else {
        simple(tile, c, in, k, lanes);
      }
    }
    return c.sums;
  }

  private void simple(PlainTile tile, Copy c, Input in, int k, int h) {
    group(tile, c, in, k, h);
    for (int t = 0; t < in.count; t++) {
      PlainLoops.scaleHalves(c.parts[t], 0, c.large, c.sums[0][t], h);
      if (format.offset) {
        PlainLoops.addHalves(c.offsets, c.totals[t], c.sums[0][t], h);
      }
    }
  }

  private void nested(PlainTile tile, Copy c, Input in, int k, int h) {
    for (int t = 0; t < in.count; t++) {
      Arrays.fill(c.blocks[t], 0, h, 0);
      Arrays.fill(c.minima[t], 0, h, 0);
    }
    for (int g = k; g < k + format.block; g += format.group) {
      group(tile, c, in, g, h);
      tile.scales.get(c.scales, 0, scales * h);
      for (int t = 0; t < in.count; t++) {
        PlainLoops.scaleBytes(c.parts[t], c.scales, c.blocks[t], h);
        if (format.offset) {
          PlainLoops.addBytes(c.scales, h, c.totals[t], c.minima[t], h);
        }
      }
    }
    for (int t = 0; t < in.count; t++) {
      PlainLoops.scaleHalves(c.blocks[t], 0, c.large, c.sums[0][t], h);
      if (format.offset) {
        PlainLoops.scaleHalves(c.minima[t], 0, c.offsets, c.sums[0][t], h);
      }
    }
  }

  private static void copy(ByteBuffer from, byte[] to, int n) {
    for (int i = 0; i < n; i += PIECE) {
      from.get(to, i, Math.min(PIECE, n - i));
    }
  }

  /** Sums of the products of a group, and of its inputs, of all vectors. */
  private void group(PlainTile tile, Copy c, Input in, int k, int h) {
    for (int t = 0; t < in.count; t++) {
      Arrays.fill(c.parts[t], 0, h, 0);
      if (format.offset) {
        float total = 0;
        int i = in.at + t * in.stride + k;
        for (int g = 0; g < format.group; g++) {
          total += in.x[i + g];
        }
        c.totals[t] = total;
      }
    }
    for (int g = k; g < k + format.group; g += 4) {
      copy(tile.bytes, c.bytes, 4 * h);
      for (int t = 0; t < in.count; t++) {
        PlainLoops.bytes1x4(c.bytes, 0, in.x, in.at + t * in.stride + g, c.parts[t], h);
      }
    }
  }

  @Override
  PlainPanel.Filler filler(PlainTile tile, int half, Scratch scratch) {
    Copy c = scratch.object(Copy.class, Copy::new);
    return (panel, first, count) -> fill(tile, c, panel, first, count);
  }

  /** Writes {@code count} columns from {@code first} on, the first of a block, as floats. */
  private void fill(PlainTile tile, Copy c, PlainPanel panel, int first, int count) {
    int h = lanes;
    tiles.packing.seek(tile, first, h);
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
        tile.scales.get(c.scales, 0, scales * h);
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

  private void columns(PlainTile tile, Copy c, PlainPanel panel, int k, float[] d, int h) {
    for (int g = 0; g < format.group; g++) {
      if ((g & 3) == 0) {
        copy(tile.bytes, c.bytes, 4 * h);
      }
      PlainLoops.fromBytes(c.bytes, (g & 3) * h, d, panel.columns[k + g], h);
    }
  }
}
