package dev.jllm.core.block;

import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/** Normalises vectors of {@code width} values, see {@link NormSpec.Kind}. */
public final class Norm {
  private final NormSpec spec;
  private final int width;
  private final float @Nullable [] weight;
  private final float @Nullable [] bias;

  /** A norm with the given weights and biases, both optional. */
  public Norm(NormSpec spec, int width, float @Nullable [] weight, float @Nullable [] bias) {
    this.spec = spec;
    this.width = width;
    this.weight = weight;
    this.bias = bias;
  }

  /** The norm whose weights are {@code name.weight}, with {@code name.bias} where present. */
  public static Norm load(Weights weights, String name, NormSpec spec, int width) {
    String full = weights.has(name) ? name + ".weight" : name;
    return new Norm(
        spec,
        width,
        weights.vector(weights.hasTensor(full) ? full : name + ".weight", width),
        weights.bias(name, width));
  }

  /** Values of a vector. */
  public int width() {
    return width;
  }

  /** {@code y = norm(x)} for all rows; {@code y} may be {@code x}. */
  public void forward(Pass pass, Activations x, Activations y) {
    y.resize(x.rows());
    if (x.rows() == 1) {
      apply(x.data(), 0, y.data(), 0);
      return;
    }
    pass.rows(x.rows(), (row, worker) -> apply(x.data(), row * width, y.data(), row * width));
  }

  /** Normalises one vector. */
  public void apply(float[] x, int from, float[] y, int to) {
    apply(x, from, y, to, 0);
  }

  /**
   * Normalises one vector of several that have weights of their own.
   *
   * @param place where its weights begin; taken modulo their number
   */
  void apply(float[] x, int from, float[] y, int to, int place) {
    float[] w = weight;
    int first = w == null ? 0 : place % w.length;
    if (spec.kind() == NormSpec.Kind.RMS) {
      scaleRow(x, from, 0, squares(x, from, 0), y, to, first);
    } else {
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += x[from + i];
      }
      float mean = (float) (sum / width);
      scaleRow(x, from, mean, squares(x, from, mean), y, to, first);
    }
  }

  /** Four partial sums, so that additions do not wait for one another. */
  private double squares(float[] x, int from, float mean) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < width; i += 4) {
      float a = x[from + i] - mean;
      float b = x[from + i + 1] - mean;
      float c = x[from + i + 2] - mean;
      float d = x[from + i + 3] - mean;
      s0 += a * a;
      s1 += b * b;
      s2 += c * c;
      s3 += d * d;
    }
    for (; i < width; i++) {
      float a = x[from + i] - mean;
      s0 += a * a;
    }
    return (s0 + s1) + (s2 + s3);
  }

  private void scaleRow(
      float[] x, int from, float mean, double squares, float[] y, int to, int first) {
    float factor = 1 / (float) Math.sqrt((float) (squares / width) + spec.epsilon());
    float[] w = weight;
    float[] b = bias;
    if (w == null) {
      for (int i = 0; i < width; i++) {
        y[to + i] = (x[from + i] - mean) * factor;
      }
    } else {
      for (int i = 0; i < width; i++) {
        y[to + i] = (x[from + i] - mean) * factor * w[first + i];
      }
    }
    if (b != null) {
      for (int i = 0; i < width; i++) {
        y[to + i] += b[first + i];
      }
    }
  }
}
