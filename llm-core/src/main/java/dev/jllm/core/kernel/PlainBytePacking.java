package dev.jllm.core.kernel;

import java.util.Arrays;

/**
 * Numbers of 8 bits, {@code byte[columns][h]}, with the scales of groups, {@code byte[groups][s,
 * m][h]}, and of blocks, F16 in {@code short[blocks][D, M][h]}.
 */
final class PlainBytePacking extends PlainPacking {
  /** Scales of a group, and likewise of a block. */
  final int scales;

  PlainBytePacking(PlainFormat format) {
    super(format, 1);
    scales = format.offset ? 2 : 1;
  }

  @Override
  int weightBytes(int k, int h) {
    return Math.multiplyExact(k, h);
  }

  @Override
  int scaleBytes(int k, int h) {
    return format.nested ? k / format.group * scales * h : 0;
  }

  @Override
  int largeBytes(int k, int h) {
    return k / format.block * scales * 2 * h;
  }

  @Override
  Gatherer gatherer(int h) {
    int unit = format.block;
    int groups = unit / format.group;
    short[] q = new short[unit];
    byte[] s = new byte[2 * groups];
    short[] d = new short[2];
    byte[] bytes = new byte[unit * h];
    byte[] small = new byte[format.nested ? groups * scales * h : 0];
    short[] large = new short[scales * h];
    return new Gatherer() {
      @Override
      public void take(int r, byte[] in, int width) {
        format.read(in, 0, q, s, d);
        for (int k = 0; k < unit; k++) {
          bytes[k * h + r] = (byte) q[k];
        }
        for (int g = 0; g < groups && format.nested; g++) {
          for (int i = 0; i < scales; i++) {
            small[(g * scales + i) * h + r] = s[i * groups + g];
          }
        }
        for (int i = 0; i < scales; i++) {
          large[i * h + r] = d[i];
        }
      }

      @Override
      public void put(PlainTile tile, int width) {
        tile.bytes.put(bytes);
        tile.scales.put(small);
        tile.large.put(large);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(small, (byte) 0);
        Arrays.fill(large, (short) 0);
      }
    };
  }
}
