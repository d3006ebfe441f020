package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;

/** Sums and products of whole batches of vectors. */
final class Vectors {
  private Vectors() {}

  /** {@code x += a}. */
  static void add(Activations x, Activations a) {
    float[] to = x.data();
    float[] from = a.data();
    int n = x.rows() * x.width();
    for (int i = 0; i < n; i++) {
      to[i] += from[i];
    }
  }

  /** {@code x += factor · a}. */
  static void addScaled(Activations x, Activations a, float factor) {
    float[] to = x.data();
    float[] from = a.data();
    int n = x.rows() * x.width();
    for (int i = 0; i < n; i++) {
      to[i] += factor * from[i];
    }
  }

  /** {@code x *= factor}. */
  static void scale(Activations x, float factor) {
    if (factor != 1) {
      float[] to = x.data();
      int n = x.rows() * x.width();
      for (int i = 0; i < n; i++) {
        to[i] *= factor;
      }
    }
  }
}
