package dev.jllm.core.kernel;

import java.util.Arrays;

/** F16 numbers, {@code short[columns][h]}. */
final class PlainShortPacking extends PlainPacking {
  PlainShortPacking(PlainFormat format) {
    super(format, 1);
  }

  @Override
  int unit() {
    return 64;
  }

  @Override
  int weightBytes(int k, int h) {
    return Math.multiplyExact(2 * k, h);
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
      public void take(int r, byte[] in, int width) {
        for (int k = 0; k < width; k++) {
          shorts[k * h + r] = (short) (in[2 * k] & 255 | in[2 * k + 1] << 8);
        }
      }

      @Override
      public void put(PlainTile tile, int width) {
        tile.shorts.put(shorts, 0, width * h);
        Arrays.fill(shorts, (short) 0);
      }
    };
  }
}
