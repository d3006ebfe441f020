package dev.jllm.core.kernel;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * F16 numbers, {@code short[columns][h]}; or, for compilers that do not convert them, two columns
 * in an {@code int}, the first in the lower half, {@code int[columns / 2][h]}.
 */
final class PlainHalfPacking extends PlainPacking {
  /** The place of the lower half of an {@code int}. */
  private static final int LOWER = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0 : 1;

  private final boolean pairs = !PlainMath.CONVERTS;

  PlainHalfPacking(PlainFormat format) {
    super(format, 1);
  }

  @Override
  int unit() {
    return 64;
  }

  private int padded(int k) {
    return pairs ? (k + 1) / 2 * 2 : k;
  }

  @Override
  int weightBytes(int k, int h) {
    return Math.multiplyExact(2 * padded(k), h);
  }

  @Override
  int scaleBytes(int k, int h) {
    return 0;
  }

  @Override
  int largeBytes(int k, int h) {
    return 0;
  }

  @Override
  Gatherer gatherer(int h) {
    short[] shorts = new short[unit() * h];
    return new Gatherer() {
      @Override
      public void take(int r, byte[] in, int at, int width) {
        for (int k = 0; k < width; k++) {
          int to = pairs ? 2 * (k / 2 * h + r) + (k & 1 ^ LOWER) : k * h + r;
          shorts[to] = (short) (in[at + 2 * k] & 255 | in[at + 2 * k + 1] << 8);
        }
      }

      @Override
      public void put(PlainTile tile, int width) {
        tile.shorts.put(shorts, 0, padded(width) * h);
        Arrays.fill(shorts, (short) 0);
      }
    };
  }
}
