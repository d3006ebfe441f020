package dev.jllm.core.quant;

/**
 * The search for the scale of a group of 16 in the formats without minimum, {@code x ≈ scale q}
 * with {@code −n ≤ q < n}, weighted by the squares of the values. Levels are returned as {@code q +
 * n}. The order of the float operations is that of ggml.
 */
final class SignedSearch {
  /** Groups below this count as zero. */
  static final float ZERO = 1e-15f;

  private static final int SIZE = 16;

  private SignedSearch() {}

  /** Tries 19 grids around the obvious one (Q6_K). */
  static float run(float[] in, int from, int n, int[] levels, int to) {
    float largest = Extremes.largest(in, from, SIZE);
    if (Math.abs(largest) < ZERO) {
      java.util.Arrays.fill(levels, to, to + SIZE, 0);
      return 0;
    }
    float scale = 0;
    float best = 0;
    for (int attempt = 0; attempt < 19; attempt++) {
      // 0, −9 … −1, 1 … 9
      int shift = attempt == 0 ? 0 : attempt <= 9 ? attempt - 10 : attempt - 9;
      float inverse = shift == 0 ? -n / largest : -(n + 0.1f * shift) / largest;
      float sumLx = 0;
      float sumL2 = 0;
      for (int i = from; i < from + SIZE; i++) {
        int l = clamp(KSearch.nearest(inverse * in[i]), n);
        float w = in[i] * in[i];
        sumLx += w * in[i] * l;
        sumL2 += w * l * l;
      }
      if (shift == 0 || sumL2 > 0 && sumLx * sumLx > best * sumL2) {
        for (int i = 0; i < SIZE; i++) {
          levels[to + i] = n + clamp(KSearch.nearest(inverse * in[from + i]), n);
        }
        scale = sumL2 == 0 ? 0 : sumLx / sumL2;
        best = scale * sumLx;
      }
    }
    return scale;
  }

  /** Starts from the obvious grid and moves single values while that lowers the error (Q3_K). */
  static float refine(float[] in, int from, int n, int[] levels, int to) {
    float largest = Extremes.largest(in, from, SIZE);
    if (Math.abs(largest) < ZERO) {
      java.util.Arrays.fill(levels, to, to + SIZE, 0);
      return 0;
    }
    float inverse = -n / largest;
    float sumLx = 0;
    float sumL2 = 0;
    for (int i = 0; i < SIZE; i++) {
      float x = in[from + i];
      int l = clamp(KSearch.nearest(inverse * x), n);
      levels[to + i] = l;
      float w = x * x;
      sumLx += w * x * l;
      sumL2 += w * l * l;
    }
    boolean changed = true;
    for (int round = 0; round < 5 && changed; round++) {
      changed = false;
      for (int i = 0; i < SIZE; i++) {
        float x = in[from + i];
        int l = levels[to + i];
        float w = x * x;
        float restLx = sumLx - w * x * l;
        if (restLx > 0) {
          float restL2 = sumL2 - w * l * l;
          int moved = clamp(KSearch.nearest(x * restL2 / restLx), n);
          if (moved != l) {
            restLx += w * x * moved;
            restL2 += w * moved * moved;
            if (restL2 > 0 && restLx * restLx * sumL2 > sumLx * sumLx * restL2) {
              levels[to + i] = moved;
              sumLx = restLx;
              sumL2 = restL2;
              changed = true;
            }
          }
        }
      }
    }
    for (int i = to; i < to + SIZE; i++) {
      levels[i] += n;
    }
    return sumL2 > 0 ? sumLx / sumL2 : 0;
  }

  /** Rounds a group to the grid of {@code scale} as it was stored; not where it is 0. */
  static void levels(float[] in, int from, int[] levels, int group, float scale, int n) {
    if (scale == 0) {
      return;
    }
    for (int i = group; i < group + SIZE; i++) {
      levels[i] = n + clamp(KSearch.nearest(in[from + i] / scale), n);
    }
  }

  private static int clamp(int q, int n) {
    return Math.max(-n, Math.min(n - 1, q));
  }
}
