package dev.jllm.core.kernel;

import dev.jllm.core.kernel.PlainFormat.Form;
import java.util.Arrays;

/**
 * Whole numbers times inputs rounded to whole numbers, so that a group's sum fits: of 4 bits in 16
 * bits, |q − 8| · 127 · 32 ≤ 32,512; of 8 bits in an {@code int}, 128 · 32 · 2^19 = 2^31, where the
 * compiler makes floats of them, otherwise in the 23 bits that a trick with bits leaves, 128 · 32 ·
 * 1023 < 2^22. Where groups have scales, inputs share theirs over a whole block and sums stay
 * integers until its end, 32 · 128 · 256 · 1023 < 2^30. Many vectors stay floats.
 */
final class PlainTiledInts extends PlainTiledWeights {
  private final int halves;
  private final boolean nibbles;
  private final int scales;
  private final int bits;
  private final int bias;

  /** What sums of a block are shifted by to 22 bits and a sign, where they have to be. */
  private final int shift;

  /** The same of minima, which have 6 bits. */
  private final int minimaShift;

  PlainTiledInts(WeightSource source, PlainTiles tiles) {
    super(source, tiles);
    PlainIntPacking p = (PlainIntPacking) tiles.packing;
    halves = p.halves;
    nibbles = format.form == Form.NIBBLES;
    scales = p.scales;
    bits = p.bits;
    bias = p.bias;
    shift = nibbles ? 5 : 8;
    minimaShift = nibbles ? 0 : 2;
  }

  @Override
  public InputForm form(int count) {
    if (!few(count)) {
      return InputForm.ROWS;
    }
    if (format.nested) {
      return nibbles ? InputForm.NIBBLES_256 : InputForm.BYTES_256;
    }
    return nibbles ? InputForm.NIBBLES_32 : InputForm.BYTES_32;
  }

  /** What a worker copies of a tile, a few columns at a time, and sums up. */
  private static final class Copy {
    static final int N = PlainLoops.padded(PlainPanel.ROWS);
    final int[] ints = new int[N];
    final int[][] group = new int[MANY][N];
    final int[][][] block = new int[2][MANY][N];
    final int[][][] minima = new int[2][MANY][N];
    final float[][][] sums = new float[2][MANY][N];

    /** Scales of blocks, {@code [D, M of each half]}. */
    final short[][] large = new short[4][PlainPanel.ROWS];

    final float[][] floatLarge = new float[4][N];
    final float[] float0 = new float[N];
    final int[] starts = new int[16];
    final PlainTransfer transfer = new PlainTransfer();

    /** Scales of groups, {@code [s, m][groups / 4][half]}. */
    final int[][] small = new int[8][N];

    final float[] groupD = new float[N];
    final float[] groupM = new float[N];
  }

  @Override
  float[][][] few(PlainTile tile, Input in, Scratch scratch) {
    Copy c = scratch.object(Copy.class, Copy::new);
    for (int half = 0; half < halves; half++) {
      for (int t = 0; t < in.count; t++) {
        Arrays.fill(c.sums[half][t], 0, lanes, 0);
      }
    }
    for (int k = 0; k < columns(); k += format.block) {
      readScales(tile, c, k);
      if (format.nested) {
        nested(tile, c, in, k);
      } else {
        simple(tile, c, in, k);
      }
    }
    return c.sums;
  }

  /** The scales of the block from column {@code k} on; its numbers come next. */
  private void readScales(PlainTile tile, Copy c, int k) {
    tiles.packing.seek(tile, k, lanes);
    for (int i = 0; i < scales * halves; i++) {
      if (PlainMath.CONVERTS) {
        tile.large.get(c.large[i], 0, lanes);
      } else {
        tile.floatLarge.get(c.floatLarge[i], 0, lanes);
      }
    }
    int small = format.nested ? scales * halves * format.block / format.group / 4 : 0;
    for (int i = 0; i < small; i++) {
      tile.intScales.get(c.small[i], 0, lanes);
    }
  }

  private int start(Input in, int t, int k) {
    int i = (t * columns() + k) / 16;
    return format.group == 16 ? in.starts[i] : in.starts[i] + in.starts[i + 1];
  }

  /** Sums of the products of a group. */
  private void group(PlainTile tile, Copy c, Input in, int k) {
    for (int g = k; g < k + format.group; g += 4) {
      tile.ints.get(c.ints, 0, lanes);
      for (int t = 0; t < in.count; t++) {
        int at = t * columns() + g;
        int[] o = c.group[t];
        if (nibbles && g == k) {
          int each = -8 * start(in, t, k);
          PlainIntLoops.firstPairs(c.ints, in.ints, at, each * 0x10001, o, lanes);
        } else if (nibbles) {
          PlainIntLoops.pairs(c.ints, in.ints, at, o, lanes);
        } else if (g == k) {
          PlainIntLoops.firstQuads(c.ints, in.ints, at, -bias * start(in, t, k), o, lanes);
        } else {
          PlainIntLoops.quads(c.ints, in.ints, at, o, lanes);
        }
      }
    }
  }

  private void simple(PlainTile tile, Copy c, Input in, int k) {
    group(tile, c, in, k);
    for (int t = 0; t < in.count; t++) {
      int i = t * columns() + k;
      float d = in.floats[i / 32];
      // What numbers are counted from meets the inputs as they were before rounding.
      float sum = in.sums[i / 16] + in.sums[i / 16 + 1];
      float missing = nibbles && d > 0 ? (8 - format.zero) * sum / d : 0;
      for (int half = 0; half < halves; half++) {
        add(c, c.group[t], half, missing, d, c.sums[half][t]);
        if (format.offset) {
          if (PlainMath.CONVERTS) {
            PlainLoops.addHalves(c.large[halves + half], sum, c.sums[half][t], lanes);
          } else {
            PlainLoops.floats1x1(c.floatLarge[halves + half], sum, c.sums[half][t], lanes);
          }
        }
      }
    }
  }

  /** {@code sums += (o + missing) · d · D}. */
  private void add(Copy c, int[] o, int half, float missing, float d, float[] sums) {
    if (PlainMath.CONVERTS) {
      if (!nibbles) {
        PlainIntLoops.addFloats(o, d, c.large[half], sums, lanes);
      } else if (half == 0) {
        PlainIntLoops.addLow(o, missing, d, c.large[half], sums, lanes);
      } else {
        PlainIntLoops.addHigh(o, missing, d, c.large[half], sums, lanes);
      }
      return;
    }
    if (!nibbles) {
      PlainIntLoops.bits(o, 0, c.transfer.bits, lanes);
    } else if (half == 0) {
      PlainIntLoops.lowBits(o, c.transfer.bits, lanes);
    } else {
      PlainIntLoops.highBits(o, c.transfer.bits, lanes);
    }
    c.transfer.floats(c.float0, lanes);
    float from = missing - PlainIntLoops.MIDDLE;
    PlainLoops.addScaled(c.float0, from, d, c.floatLarge[half], sums, lanes);
  }

  private void nested(PlainTile tile, Copy c, Input in, int k) {
    for (int half = 0; half < halves; half++) {
      for (int t = 0; t < in.count; t++) {
        Arrays.fill(c.block[half][t], 0, lanes, 0);
      }
    }
    int groups = format.block / format.group;
    for (int g = 0; g < groups; g++) {
      int[][] s = c.small;
      int of = g / 4 * halves;
      int at = k + g * format.group;
      group(tile, c, in, at);
      for (int t = 0; t < in.count; t++) {
        int[] o = c.group[t];
        if (nibbles) {
          int missing = (8 - format.zero) * start(in, t, at);
          PlainIntLoops.scaleLow(o, missing, s[of], g & 3, c.block[0][t], lanes);
          PlainIntLoops.scaleHigh(o, missing, s[of + 1], g & 3, c.block[1][t], lanes);
        } else {
          PlainIntLoops.scale(o, s[of], g & 3, c.block[0][t], lanes);
        }
      }
    }
    if (format.offset) {
      minima(c, in, k, groups);
    }
    for (int t = 0; t < in.count; t++) {
      float d = in.floats[(t * columns() + k) / 256];
      for (int half = 0; half < halves; half++) {
        addBlock(c, c.block[half][t], half, shift, d, c.sums[half][t]);
        if (format.offset) {
          addBlock(c, c.minima[half][t], halves + half, minimaShift, d, c.sums[half][t]);
        }
      }
    }
  }

  /** The minima of a block times the sums of their inputs: of four groups as if columns. */
  private void minima(Copy c, Input in, int k, int groups) {
    for (int g = 0; g < groups; g += 4) {
      for (int half = 0; half < halves; half++) {
        int[] m = c.small[(groups + g) / 4 * halves + half];
        for (int t = 0; t < in.count; t++) {
          for (int i = 0; i < 4; i++) {
            c.starts[i] = start(in, t, k + (g + i) * format.group);
          }
          PlainIntLoops.differences(c.starts, 0, 8);
          int[] o = c.minima[half][t];
          if (g == 0) {
            PlainIntLoops.firstQuads(m, c.starts, 0, 0, o, lanes);
          } else {
            PlainIntLoops.quads(m, c.starts, 0, o, lanes);
          }
        }
      }
    }
  }

  private void addBlock(Copy c, int[] o, int scale, int shift, float d, float[] sums) {
    if (PlainMath.CONVERTS) {
      PlainIntLoops.addFloats(o, d, c.large[scale], sums, lanes);
      return;
    }
    PlainIntLoops.bits(o, shift, c.transfer.bits, lanes);
    c.transfer.floats(c.float0, lanes);
    float unit = d * (1 << shift);
    PlainLoops.addScaled(c.float0, -PlainIntLoops.MIDDLE, unit, c.floatLarge[scale], sums, lanes);
  }

  @Override
  PlainPanel.Filler filler(PlainTile tile, int half, Scratch scratch) {
    Copy c = scratch.object(Copy.class, Copy::new);
    return (panel, first, count) -> {
      for (int k = 0; k < count; k += format.block) {
        readScales(tile, c, first + k);
        fillBlock(tile, c, panel, k, half);
      }
    };
  }

  private void fillBlock(PlainTile tile, Copy c, PlainPanel panel, int k, int half) {
    if (PlainMath.CONVERTS) {
      for (int i = 0; i < scales; i++) {
        int at = i * halves + half;
        PlainLoops.fromHalves(c.large[at], c.floatLarge[at], lanes);
      }
    }
    float[] d = c.floatLarge[half];
    float[] m = c.floatLarge[halves + half];
    int groups = format.block / format.group;
    for (int g = 0; g < groups; g++) {
      if (format.nested) {
        int of = g / 4 * halves + half;
        times(c, c.small[of], g & 3, d, c.groupD);
        if (format.offset) {
          times(c, c.small[groups / 4 * halves + of], g & 3, m, c.groupM);
        }
      }
      int from = k + g * format.group;
      fillGroup(tile, c, panel, from, half, format.nested ? c.groupD : d);
      for (int i = from; i < from + format.group && format.offset; i++) {
        PlainLoops.add(format.nested ? c.groupM : m, panel.columns[i], lanes);
      }
    }
  }

  /** {@code to = d · s}. */
  private void times(Copy c, int[] s, int place, float[] d, float[] to) {
    if (PlainMath.CONVERTS) {
      PlainIntLoops.multiply(s, place, d, to, lanes);
    } else {
      PlainIntLoops.byteBits(s, place, c.transfer.bits, lanes);
      c.transfer.floats(to, lanes);
      PlainLoops.scale(to, PlainIntLoops.MIDDLE, d, lanes);
    }
  }

  private void fillGroup(PlainTile tile, Copy c, PlainPanel panel, int from, int half, float[] d) {
    int mask = (1 << bits) - 1;
    int zero = bias + format.zero;
    for (int g = 0; g < format.group; g++) {
      if ((g & 3) == 0) {
        tile.ints.get(c.ints, 0, lanes);
      }
      int shift = bits * (g & 3) + 16 * half;
      float[] x = panel.columns[from + g];
      if (PlainMath.CONVERTS) {
        PlainIntLoops.fromBits(c.ints, shift, mask, zero, d, x, lanes);
      } else {
        PlainIntLoops.bits(c.ints, shift, mask, c.transfer.bits, lanes);
        c.transfer.floats(x, lanes);
        PlainLoops.scale(x, PlainIntLoops.MIDDLE + zero, d, lanes);
      }
    }
  }
}
