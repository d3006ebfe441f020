package dev.jllm.core.block;

import dev.jllm.core.cache.KvRows;
import java.util.Arrays;

/**
 * Attention's weighted sums in half precision: after each token the sum is rounded to a 16-bit
 * float, as flash attention of llama.cpp does on processors. For comparisons of models that choose
 * what they see by an earlier layer's outcome, where other rounding leads to another choice.
 */
final class HalfSums {
  private static final float[] ONES = new float[KvRows.SLOTS];

  static {
    Arrays.fill(ONES, 1);
  }

  private HalfSums() {}

  /**
   * Adds the rows {@code low} to {@code high} of a page, one after another, to what query {@code j}
   * has seen; scores of minus infinity are left out.
   *
   * @param row scratch of {@code width} values
   */
  static void add(
      AttentionScratch s,
      int j,
      KvRows values,
      int head,
      int low,
      int high,
      int width,
      float[] row) {
    int at = j * width;
    for (int i = low; i < high; i++) {
      float score = s.scores[j * KvRows.SLOTS + i];
      if (score == Float.NEGATIVE_INFINITY) {
        continue;
      }
      float shrink = 1;
      float weight = 1;
      if (score > s.max[j]) {
        shrink = (float) Math.exp(s.max[j] - score);
        s.max[j] = score;
        for (int c = 0; c < width; c++) {
          s.out[at + c] = round(s.out[at + c] * shrink);
        }
      } else {
        weight = (float) Math.exp(score - s.max[j]);
      }
      Arrays.fill(row, 0, width, 0);
      values.mix(ONES, 1, head, i, i + 1, row, width);
      for (int c = 0; c < width; c++) {
        s.out[at + c] = round(s.out[at + c] + row[c] * weight);
      }
      s.sum[j] = s.sum[j] * shrink + weight;
    }
  }

  /** The 16-bit float nearest to {@code x}, ties to even; beyond the largest one it goes on. */
  static float round(float x) {
    if (Math.abs(x) < 0x1p-14f) {
      // Steps of 2^-24, which are those of floats from 1/2 to 1.
      return x + 0.75f - 0.75f;
    }
    int bits = Float.floatToRawIntBits(x);
    return Float.intBitsToFloat(bits + 0xfff + (bits >>> 13 & 1) & ~0x1fff);
  }
}
