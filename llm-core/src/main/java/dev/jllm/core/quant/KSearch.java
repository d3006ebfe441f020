package dev.jllm.core.quant;

import java.nio.ByteBuffer;

/**
 * The search for the scale and minimum of a group in the formats Q2_K, Q4_K and Q5_K, {@code x ≈
 * scale q − min} with {@code 0 ≤ q ≤ max}: for several rounding grids the weighted least-squares
 * fit is computed, and the one with the least weighted error wins. The order of the float
 * operations is that of ggml, so that the blocks come out the same to the bit.
 */
final class KSearch {
  private static final float STEP = 0.1f;

  private final int size;
  private final int max;
  private final float start;
  private final int steps;
  private final boolean absolute;
  private final int[] attempt;
  private float min;

  /**
   * A search for groups of {@code size} values.
   *
   * @param start offset of the first grid tried, as a part of a level; then in steps of 0.1
   * @param absolute whether the error is the sum of absolute deviations and not of squares
   */
  KSearch(int size, int max, float start, int steps, boolean absolute) {
    this.size = size;
    this.max = max;
    this.start = start;
    this.steps = steps;
    this.absolute = absolute;
    this.attempt = new int[size];
  }

  /** The amount to subtract that the last {@link #run} found, not negative. */
  float min() {
    return min;
  }

  /** Returns the scale and sets the levels of the group {@code in[from …]}. */
  float run(float[] in, int from, float[] weights, int[] levels, int to) {
    float sumW = 0;
    float sumX = 0;
    for (int i = 0; i < size; i++) {
      sumW += weights[i];
      sumX += weights[i] * in[from + i];
    }
    float low = Math.min(0, Extremes.min(in, from, size));
    float high = Extremes.max(in, from, size);
    if (high == low) {
      java.util.Arrays.fill(levels, to, to + size, 0);
      min = -low;
      return 0;
    }
    float inverse = max / (high - low);
    float scale = 1 / inverse;
    for (int i = 0; i < size; i++) {
      levels[to + i] = clamp(nearest(inverse * (in[from + i] - low)), max);
    }
    float least = error(in, from, weights, levels, to, scale, low);
    // The grids are laid between the extremes of which the lower follows the best fit so far.
    for (int step = 0; step <= steps; step++) {
      inverse = (start + STEP * step + max) / (high - low);
      float sumL = 0;
      float sumL2 = 0;
      float sumXl = 0;
      for (int i = 0; i < size; i++) {
        int l = clamp(nearest(inverse * (in[from + i] - low)), max);
        attempt[i] = l;
        float w = weights[i];
        sumL += w * l;
        sumL2 += w * l * l;
        sumXl += w * l * in[from + i];
      }
      float determinant = sumW * sumL2 - sumL * sumL;
      if (determinant > 0) {
        float newScale = (sumW * sumXl - sumX * sumL) / determinant;
        float newLow = (sumL2 * sumX - sumL * sumXl) / determinant;
        if (newLow > 0) {
          newLow = 0;
          newScale = sumXl / sumL2;
        }
        float error = error(in, from, weights, attempt, 0, newScale, newLow);
        if (error < least) {
          System.arraycopy(attempt, 0, levels, to, size);
          least = error;
          scale = newScale;
          low = newLow;
        }
      }
    }
    min = -low;
    return scale;
  }

  private float error(
      float[] in, int from, float[] weights, int[] levels, int at, float scale, float low) {
    float sum = 0;
    for (int i = 0; i < size; i++) {
      float off = scale * levels[at + i] + low - in[from + i];
      sum += weights[i] * (absolute ? Math.abs(off) : off * off);
    }
    return sum;
  }

  /** Rounds a group to the grid {@code scale q − min} as it was stored; not where it is 0. */
  static void levels(
      float[] in, int from, int[] levels, int group, int size, float scale, float min, int max) {
    if (scale == 0) {
      return;
    }
    for (int i = group; i < group + size; i++) {
      levels[i] = clamp(nearest((in[from + i] + min) / scale), max);
    }
  }

  /** Four levels below 4 a byte, in the order of Q2_K. */
  static void packPairs(int[] levels, ByteBuffer out, int at) {
    for (int part = 0; part < 2; part++) {
      for (int l = 128 * part; l < 128 * part + 32; l++) {
        int pairs = levels[l] | levels[l + 32] << 2 | levels[l + 64] << 4 | levels[l + 96] << 6;
        out.put(at + l - 96 * part, (byte) pairs);
      }
    }
  }

  /** To the nearest integer, ties to even; for amounts below 2^22. */
  static int nearest(float x) {
    return (Float.floatToRawIntBits(x + 12582912f) & 0x7fffff) - 0x400000;
  }

  static int clamp(int q, int max) {
    return Math.max(0, Math.min(max, q));
  }
}
