package dev.jllm.core.block;

import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.core.tensor.Activations;

/**
 * The weights by which a block reads and writes streams: {@code sigmoid(scale · fn · norm(all
 * streams) + base) + epsilon}, {@code count} of each a token; those of writing times a magnitude.
 * Where streams are mixed, {@code count²} further ones follow: from stream {@code s} to {@code d}
 * at {@code s · count + d}.
 */
final class HyperGate {
  private final StreamsSpec.Hyper spec;
  private final int count;
  private final boolean mixes;
  private final Norm norm;
  private final Linear mix;
  private final float[] base;
  private final float[] scale;
  private final int normedSlot;
  private final int mixSlot;

  /**
   * Binds {@code name_fn}, {@code name_base} and {@code name_scale}.
   *
   * @param writes whether streams are written too
   */
  HyperGate(
      StreamsSpec.Hyper spec,
      NormSpec norm,
      String name,
      int width,
      boolean writes,
      Weights w,
      Pass.Plan plan) {
    this.spec = spec;
    count = spec.count();
    mixes = writes && spec.sinkhorn() > 0;
    int all = count * width;
    int weights = count * ((writes ? 2 : 1) + (mixes ? count : 0));
    this.norm = new Norm(norm, all, null, null);
    mix = w.linear(name + "_fn", all, weights);
    base = w.vector(name + "_base.weight", weights);
    scale = w.vector(name + "_scale.weight", mixes ? 3 : writes ? 2 : 1);
    normedSlot = plan.buffer("hyper.normed", all);
    mixSlot = plan.buffer("hyper.mix", weights);
  }

  /** {@code x} = the streams, weighted and added. */
  void read(Pass pass, Activations streams, Activations x) {
    Activations normed = pass.buffer(normedSlot, streams.rows());
    norm.forward(pass, streams, normed);
    Activations weights = pass.buffer(mixSlot, streams.rows());
    pass.add(mix, normed, weights).run();
    x.resize(streams.rows());
    pass.rows(x.rows(), (row, worker) -> read(row, weights, streams, x));
  }

  private void read(int row, Activations weights, Activations streams, Activations x) {
    float[] w = weights.data();
    int at = row * weights.width();
    for (int k = 0; k < weights.width(); k++) {
      float v = w[at + k] * scale[Math.min(2, k / count)] + base[k];
      if (k < count) {
        v = Activation.sigmoid(v) + spec.epsilon();
      } else if (k < 2 * count) {
        v = Activation.sigmoid(v) * spec.magnitude() + (mixes ? 0 : spec.epsilon());
      }
      w[at + k] = v;
    }
    if (mixes) {
      balance(w, at + 2 * count);
    }
    int width = x.width();
    float[] to = x.data();
    for (int s = 0; s < count; s++) {
      float weight = w[at + s];
      int from = (row * count + s) * width;
      for (int i = 0; i < width; i++) {
        float v = weight * streams.data()[from + i];
        to[row * width + i] = s == 0 ? v : to[row * width + i] + v;
      }
    }
  }

  /** Softmax of each row, then columns and rows divided by their sums in turn. */
  private void balance(float[] m, int at) {
    for (int s = 0; s < count; s++) {
      int from = at + s * count;
      float max = Float.NEGATIVE_INFINITY;
      for (int d = 0; d < count; d++) {
        max = Math.max(max, m[from + d]);
      }
      float sum = 0;
      for (int d = 0; d < count; d++) {
        m[from + d] = FastMath.exp(m[from + d] - max);
        sum += m[from + d];
      }
      for (int d = 0; d < count; d++) {
        m[from + d] = m[from + d] / sum + spec.epsilon();
      }
    }
    divide(m, at, 1, count);
    for (int i = 1; i < spec.sinkhorn(); i++) {
      divide(m, at, count, 1);
      divide(m, at, 1, count);
    }
  }

  /** Divides each line of numbers {@code step} apart by its sum. */
  private void divide(float[] m, int at, int line, int step) {
    for (int l = 0; l < count; l++) {
      float sum = 0;
      for (int i = 0; i < count; i++) {
        sum += m[at + l * line + i * step];
      }
      sum += spec.epsilon();
      for (int i = 0; i < count; i++) {
        m[at + l * line + i * step] /= sum;
      }
    }
  }

  /** Adds {@code y} to each stream, weighted as the last {@link #read} has found. */
  void write(Pass pass, Activations y, Activations streams) {
    Activations weights = pass.buffer(mixSlot, streams.rows());
    pass.rows(
        y.rows(),
        (row, worker) -> {
          if (mixes) {
            mixInto(row, weights, y, streams, pass.scratch(worker, count));
          } else {
            addTo(row, weights, y, streams);
          }
        });
  }

  private void addTo(int row, Activations weights, Activations y, Activations streams) {
    int width = y.width();
    for (int s = 0; s < count; s++) {
      float weight = weights.data()[row * weights.width() + count + s];
      int to = (row * count + s) * width;
      for (int i = 0; i < width; i++) {
        streams.data()[to + i] += weight * y.data()[row * width + i];
      }
    }
  }

  private void mixInto(
      int row, Activations weights, Activations y, Activations streams, float[] old) {
    int width = y.width();
    float[] w = weights.data();
    int at = row * weights.width();
    float[] x = streams.data();
    int from = row * count * width;
    for (int i = 0; i < width; i++) {
      for (int s = 0; s < count; s++) {
        old[s] = x[from + s * width + i];
      }
      for (int d = 0; d < count; d++) {
        float sum = y.data()[row * width + i] * w[at + count + d];
        for (int s = 0; s < count; s++) {
          sum += old[s] * w[at + 2 * count + s * count + d];
        }
        x[from + d * width + i] = sum;
      }
    }
  }
}
