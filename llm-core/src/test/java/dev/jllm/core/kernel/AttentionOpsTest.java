package dev.jllm.core.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jllm.core.quant.HalfFloat;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Attention's loops and the functions of float arrays against double precision. */
class AttentionOpsTest {
  private static final int SLOTS = AttentionOps.SLOTS;
  private final AttentionOps ops = KernelsLookup.kernels().attention();
  private final FloatOps floats = KernelsLookup.kernels().floats();
  private final Random random = new Random(4);

  private float[] random(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = HalfFloat.toFloat(HalfFloat.fromFloat((float) random.nextGaussian()));
    }
    return x;
  }

  private static short[] halves(float[] x) {
    short[] h = new short[x.length];
    for (int i = 0; i < x.length; i++) {
      h[i] = HalfFloat.fromFloat(x[i]);
    }
    return h;
  }

  @Test
  void scoresAndMixturesOfAnySize() {
    for (int dim : new int[] {1, 8, 16, 20, 32, 64, 80, 96, 128}) {
      for (int count : new int[] {1, 2, 4, 5, 6, 8, 12, 16, 67}) {
        float[] q = random(count * dim);
        float[] page = random(3 + dim * SLOTS);
        float[] scores = new float[count * SLOTS];
        float[] scoresOfHalves = new float[count * SLOTS];
        ops.scores(q, count, dim, page, 3, scores);
        ops.scores(q, count, dim, halves(page), 3, scoresOfHalves);
        for (int j = 0; j < count; j++) {
          for (int i = 0; i < SLOTS; i++) {
            double sum = 0;
            for (int d = 0; d < dim; d++) {
              sum += (double) q[j * dim + d] * page[3 + d * SLOTS + i];
            }
            assertEquals(sum, scores[j * SLOTS + i], 1e-4);
            assertEquals(sum, scoresOfHalves[j * SLOTS + i], 1e-4);
          }
        }
        int from = count % 5;
        int to = SLOTS - count % 7;
        int width = Math.max(1, dim - count % 3);
        float[] w = random(count * SLOTS);
        float[] out = new float[count * width];
        float[] outOfHalves = new float[count * width];
        ops.mix(w, count, from, to, page, 3, dim, out, width);
        ops.mix(w, count, from, to, halves(page), 3, dim, outOfHalves, width);
        for (int j = 0; j < count; j++) {
          for (int c = 0; c < width; c++) {
            double sum = 0;
            for (int i = from; i < to; i++) {
              sum += (double) w[j * SLOTS + i] * page[3 + i * dim + c];
            }
            assertEquals(sum, out[j * width + c], 1e-4);
            assertEquals(sum, outOfHalves[j * width + c], 1e-4);
          }
        }
      }
    }
  }

  @Test
  void keysAndValuesAsBytes() {
    for (int dim : new int[] {32, 64, 96, 128}) {
      for (int count : new int[] {1, 3, 4, 7, 8, 16}) {
        byte[] page = new byte[5 + dim * SLOTS];
        random.nextBytes(page);
        float[] scale = new float[2 + dim / AttentionOps.BLOCK * SLOTS];
        for (int i = 0; i < scale.length; i++) {
          scale[i] = (1 + random.nextFloat()) / 128;
        }
        float[] q = random(count * dim);
        float[] scores = new float[count * SLOTS];
        ops.scores(q, count, dim, page, 5, scale, 2, scores);
        float[] w = random(count * SLOTS);
        int width = count == 3 ? dim - 1 : dim;
        int from = count;
        int to = SLOTS - count / 2;
        float[] out = new float[count * width];
        ops.mix(w, count, from, to, page, 5, scale, 2, dim, out, width);
        for (int j = 0; j < count; j++) {
          for (int i = 0; i < SLOTS; i++) {
            double sum = 0;
            for (int d = 0; d < dim; d++) {
              sum += (double) q[j * dim + d] * page[5 + d * SLOTS + i] * at(scale, d, i);
            }
            assertEquals(sum, scores[j * SLOTS + i], 1e-4);
          }
          for (int c = 0; c < width; c++) {
            double sum = 0;
            for (int i = from; i < to; i++) {
              sum += (double) w[j * SLOTS + i] * page[5 + i * dim + c] * at(scale, c, i);
            }
            assertEquals(sum, out[j * width + c], 1e-4);
          }
        }
      }
    }
  }

  private static float at(float[] scale, int number, int slot) {
    return scale[2 + number / AttentionOps.BLOCK * SLOTS + slot];
  }

  /** F16 keys are scaled up on their way: queries far from 1 and the least keys must survive it. */
  @Test
  void halvesOfAnySize() {
    float[] key = new float[SLOTS];
    Arrays.fill(key, 0x1p-24f);
    key[1] = 65504;
    for (float query : new float[] {1e-6f, 1, 1e6f}) {
      float[] q = new float[4];
      Arrays.fill(q, query);
      float[] scores = new float[4 * SLOTS];
      ops.scores(q, 4, 1, halves(key), 0, scores);
      for (int j = 0; j < 4; j++) {
        assertEquals(query * 0x1p-24f, scores[j * SLOTS]);
        assertEquals(query * 65504, scores[j * SLOTS + 1]);
      }
    }
  }

  @Test
  void functionsOfArraysOfAnyLength() {
    for (int n = 1; n < 70; n++) {
      float[] x = random(n + 2);
      float[] y = random(n + 2);
      double dot = 0;
      double sum = 0;
      float max = x[1];
      for (int i = 1; i <= n; i++) {
        dot += (double) x[i] * y[i];
        max = Math.max(max, x[i]);
      }
      for (int i = 1; i <= n; i++) {
        sum += Math.exp(x[i] - (double) max);
      }
      assertEquals(dot, floats.dot(x, 1, y, 1, n), 1e-4);
      assertEquals(max, floats.max(x, 1, n));
      float[] e = x.clone();
      assertEquals(sum, floats.expSum(max, e, 1, n), 1e-5 * sum);
      float[] gate = x.clone();
      floats.siluMul(gate, 1, y, 1, n);
      for (int i = 1; i <= n; i++) {
        assertEquals(Math.exp(x[i] - (double) max), e[i], 3e-7);
        assertEquals(x[i] / (1 + Math.exp(-x[i])) * y[i], gate[i], 3e-6);
      }
      assertEquals(x[0], e[0]);
      assertEquals(x[n + 1], e[n + 1]);
      assertEquals(x[n + 1], gate[n + 1]);
    }
  }

  @Test
  void exponentialsFarOut() {
    float[] x = {0, -1000, -87.4f, 88, Float.NEGATIVE_INFINITY, -50, 1, -88, 10, 3};
    float[] e = x.clone();
    floats.expSum(0, e, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      double expected = Math.exp(x[i]);
      assertEquals(expected, e[i], 1e-6 * expected + 1.2e-38);
    }
  }
}
