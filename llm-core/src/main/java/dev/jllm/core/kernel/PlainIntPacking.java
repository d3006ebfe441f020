package dev.jllm.core.kernel;

import dev.jllm.core.kernel.PlainFormat.Form;
import dev.jllm.core.quant.HalfFloat;
import java.util.Arrays;

/**
 * Four columns in an {@code int}, the first in the lowest bits, {@code int[block / 4][h]}: as bytes
 * without sign, or as 4 bits of one row in the lower and of another, {@code h} rows below, in the
 * upper half. The scales of four groups are the bytes of an {@code int}, {@code int[s, m][groups /
 * 4][halves][h]}; the scales of blocks are {@code [D, M][halves][h]}, F16 where the compiler
 * converts them, or floats.
 */
final class PlainIntPacking extends PlainPacking {
  /** Scales of a group, and likewise of a block. */
  final int scales;

  /** Bits of a number. */
  final int bits;

  /** What is added to numbers so that they have no sign. */
  final int bias;

  PlainIntPacking(PlainFormat format) {
    super(format, format.form == Form.NIBBLES ? 2 : 1);
    scales = format.offset ? 2 : 1;
    bits = format.form == Form.NIBBLES ? 4 : 8;
    bias = format == PlainFormat.Q8_0 ? 128 : format == PlainFormat.Q6_K ? 32 : 0;
  }

  @Override
  int weightBytes(int k, int h) {
    return Math.multiplyExact(k, h);
  }

  @Override
  int scaleBytes(int k, int h) {
    return format.nested ? k / format.group * scales * halves * h : 0;
  }

  @Override
  int largeBytes(int k, int h) {
    return k / format.block * scales * halves * (PlainMath.CONVERTS ? 2 : 4) * h;
  }

  @Override
  Gatherer gatherer(int h) {
    int unit = format.block;
    int groups = unit / format.group;
    short[] q = new short[unit];
    byte[] s = new byte[2 * groups];
    short[] d = new short[2];
    int[] ints = new int[unit / 4 * h];
    int[] small = new int[format.nested ? scales * groups / 4 * halves * h : 0];
    short[] large = new short[scales * halves * h];
    float[] floats = new float[large.length];
    return new Gatherer() {
      @Override
      public void take(int r, byte[] in, int at, int width) {
        format.read(in, at, q, s, d);
        int half = r / h;
        int lane = r - half * h;
        for (int k = 0; k < unit; k++) {
          ints[k / 4 * h + lane] |= q[k] + bias << bits * (k & 3) + 16 * half;
        }
        for (int g = 0; g < scales * groups && format.nested; g++) {
          small[(g / 4 * halves + half) * h + lane] |= (s[g] & 255) << 8 * (g & 3);
        }
        for (int i = 0; i < scales; i++) {
          large[(i * halves + half) * h + lane] = d[i];
        }
      }

      @Override
      public void put(PlainTile tile, int width) {
        tile.ints.put(ints);
        tile.intScales.put(small);
        if (PlainMath.CONVERTS) {
          tile.large.put(large);
        } else {
          for (int i = 0; i < large.length; i++) {
            floats[i] = HalfFloat.toFloat(large[i]);
          }
          tile.floatLarge.put(floats);
        }
        Arrays.fill(ints, 0);
        Arrays.fill(small, 0);
        Arrays.fill(large, (short) 0);
      }
    };
  }
}
