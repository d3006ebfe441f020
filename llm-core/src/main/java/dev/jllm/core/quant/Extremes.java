package dev.jllm.core.quant;

/** The small questions that every quantiser asks about a block. */
final class Extremes {
  private Extremes() {}

  /** The first of the values largest by amount, with its sign. */
  static float largest(float[] in, int from, int count) {
    float amount = 0;
    float value = 0;
    for (int i = from; i < from + count; i++) {
      if (Math.abs(in[i]) > amount) {
        amount = Math.abs(in[i]);
        value = in[i];
      }
    }
    return value;
  }

  static float min(float[] in, int from, int count) {
    float min = in[from];
    for (int i = from + 1; i < from + count; i++) {
      min = in[i] < min ? in[i] : min;
    }
    return min;
  }

  static float max(float[] in, int from, int count) {
    float max = in[from];
    for (int i = from + 1; i < from + count; i++) {
      max = in[i] > max ? in[i] : max;
    }
    return max;
  }

  /** 1 / d, or 0 for 0. */
  static float inverse(float d) {
    return d == 0 ? 0 : 1 / d;
  }

  /** To the nearest integer, halves away from zero, as roundf of C. */
  static int round(float x) {
    int whole = (int) x;
    float rest = x - whole;
    return whole + (rest >= 0.5f ? 1 : rest <= -0.5f ? -1 : 0);
  }
}
