package dev.jllm.core.kernel;

import java.util.Arrays;

/**
 * F16 numbers, two columns in an {@code int}, the first in the lower half: {@code int[columns /
 * 2][h]}.
 */
final class PlainHalfPacking extends PlainPacking {
  PlainHalfPacking(PlainFormat format) {
    super(format, 1);
  }

  @Override
  int unit() {
    return 64;
  }

  @Override
  int weightBytes(int k, int h) {
    return Math.multiplyExact((k + 1) / 2 * 4, h);
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
    int[] ints = new int[unit() / 2 * h];
    return new Gatherer() {
      @Override
      public void take(int r, byte[] in, int width) {
        for (int k = 0; k < width; k++) {
          int half = in[2 * k] & 255 | (in[2 * k + 1] & 255) << 8;
          ints[k / 2 * h + r] |= half << 16 * (k & 1);
        }
      }

      @Override
      public void put(PlainTile tile, int width) {
        tile.ints.put(ints, 0, (width + 1) / 2 * h);
        Arrays.fill(ints, 0);
      }
    };
  }
}
