package dev.jllm.core.quant;

import java.util.Random;

/** Values of the kinds that weights and activations come in, and some that are meant to hurt. */
final class RandomBlocks {
  private RandomBlocks() {}

  /** {@code count} values whose largest amount is between 0.1 and 10. */
  static float[] next(Random random, int count) {
    float[] x = new float[count];
    int kind = random.nextInt(8);
    float shift = (float) random.nextGaussian() * 3;
    for (int i = 0; i < count; i++) {
      double g = random.nextGaussian();
      x[i] =
          (float)
              switch (kind) {
                case 0 -> g;
                case 1 -> random.nextDouble() * 2 - 1;
                case 2 -> random.nextInt(20) == 0 ? g : 0; // sparse
                case 3 -> random.nextInt(60) == 0 ? 30 * g : g; // outliers
                case 4 -> shift + g; // one-sided
                case 5 -> random.nextBoolean() ? 1 : -1;
                case 6 -> g * Math.exp(random.nextGaussian() * 3); // many sizes
                default -> shift; // constant
              };
    }
    float largest = 0;
    for (float v : x) {
      largest = Math.max(largest, Math.abs(v));
    }
    double wanted = 0.1 * Math.pow(100, random.nextDouble());
    for (int i = 0; largest > 0 && i < count; i++) {
      x[i] = (float) (x[i] * (wanted / largest));
    }
    return x;
  }

  /** The largest error of writing and reading a block, as a part of its largest value. */
  static double error(BlockFormat format, float[] x) {
    java.nio.ByteBuffer blocks =
        java.nio.ByteBuffer.allocate((int) format.type().bytes(x.length))
            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
    format.quantize(x, 0, blocks, 0, x.length);
    float[] back = new float[x.length];
    format.dequantize(blocks, 0, back, 0, x.length);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
      error = Math.max(error, Math.abs((double) x[i] - back[i]));
    }
    return largest == 0 ? error : error / largest;
  }
}
