package dev.jllm.core.block;

import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.core.tensor.Activations;

/**
 * The weights by which a block reads and writes streams: {@code sigmoid(scale · fn · norm(all
 * streams) + base) + epsilon}, {@code count} of each a token; those of writing times a magnitude.
 */
final class HyperGate {
  private final StreamsSpec.Hyper spec;
  private final Norm norm;
  private final Linear mix;
  private final float[] base;
  private final float[] scale;
  private final int normedSlot;
  private final int mixSlot;

  /**
   * Binds {@code name_fn}, {@code name_base} and {@code name_scale}.
   *
   * @param kinds 1 to read only, 2 to write too
   */
  HyperGate(
      StreamsSpec.Hyper spec,
      NormSpec norm,
      String name,
      int width,
      int kinds,
      Weights w,
      Pass.Plan plan) {
    this.spec = spec;
    int all = spec.count() * width;
    this.norm = new Norm(norm, all, null, null);
    mix = w.linear(name + "_fn", all, kinds * spec.count());
    base = w.vector(name + "_base.weight", kinds * spec.count());
    scale = w.vector(name + "_scale.weight", kinds);
    normedSlot = plan.buffer("hyper.normed", all);
    mixSlot = plan.buffer("hyper.mix", kinds * spec.count());
  }

  /** {@code x} = the streams, weighted and added. */
  void read(Pass pass, Activations streams, Activations x) {
    Activations normed = pass.buffer(normedSlot, streams.rows());
    norm.forward(pass, streams, normed);
    Activations weights = pass.buffer(mixSlot, streams.rows());
    pass.add(mix, normed, weights).run();
    int n = spec.count();
    for (int i = 0; i < weights.rows() * weights.width(); i++) {
      int k = i % weights.width();
      float v = Activation.sigmoid(weights.data()[i] * scale[k / n] + base[k]);
      weights.data()[i] = (k < n ? v : v * spec.magnitude()) + spec.epsilon();
    }
    x.resize(streams.rows());
    int width = x.width();
    for (int row = 0; row < x.rows(); row++) {
      for (int s = 0; s < n; s++) {
        float weight = weights.data()[row * weights.width() + s];
        int from = (row * n + s) * width;
        for (int i = 0; i < width; i++) {
          float v = weight * streams.data()[from + i];
          x.data()[row * width + i] = s == 0 ? v : x.data()[row * width + i] + v;
        }
      }
    }
  }

  /** Adds {@code y} to each stream, weighted as the last {@link #read} has found. */
  void write(Pass pass, Activations y, Activations streams) {
    Activations weights = pass.buffer(mixSlot, streams.rows());
    int n = spec.count();
    int width = y.width();
    for (int row = 0; row < y.rows(); row++) {
      for (int s = 0; s < n; s++) {
        float weight = weights.data()[row * weights.width() + n + s];
        int to = (row * n + s) * width;
        for (int i = 0; i < width; i++) {
          streams.data()[to + i] += weight * y.data()[row * width + i];
        }
      }
    }
  }
}
