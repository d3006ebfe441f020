package dev.jllm.core.block;

import dev.jllm.core.kernel.FloatOps;
import dev.jllm.core.kernel.KernelsLookup;
import dev.jllm.core.tensor.Activations;

/** Sums and products of whole batches of vectors. */
final class Vectors {
  private static final FloatOps FLOATS = KernelsLookup.kernels().floats();

  /** Rows that are worth a part of their own. */
  private static final int ROWS = 16;

  private Vectors() {}

  /** {@code x += a}. */
  static void add(Activations x, Activations a) {
    add(x.data(), a.data(), 0, x.rows() * x.width());
  }

  /** {@code x += a}, by all workers where there are many rows. */
  static void add(Pass pass, Activations x, Activations a) {
    if (x.rows() < 2 * ROWS) {
      add(x, a);
      return;
    }
    int n = x.rows() * x.width();
    int size = ROWS * x.width();
    pass.workers()
        .run(
            (n + size - 1) / size,
            (part, worker) -> add(x.data(), a.data(), part * size, Math.min(n, (part + 1) * size)));
  }

  private static void add(float[] x, float[] a, int from, int to) {
    FLOATS.add(a, from, x, from, to - from);
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
