package dev.jllm.core.block;

import dev.jllm.core.arch.RopeSpec;
import dev.jllm.core.arch.RopeSpec.Pairing;
import dev.jllm.core.cache.Batch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cosines and sines for the tokens of a batch, computed once a pass and shared by all layers that
 * rotate alike. Angles are products of floats, as in ggml, so that far positions agree with it.
 */
final class RopeTable {
  private final RopeSpec spec;
  private final float @Nullable [] factors;
  private final int pairs;
  private float[] cos = new float[0];
  private float[] sin = new float[0];
  private boolean filled;

  RopeTable(RopeSpec spec, float @Nullable [] factors) {
    this.spec = spec;
    this.factors = factors;
    this.pairs = spec.dims() / 2;
  }

  boolean sameAs(RopeTable other) {
    return spec.equals(other.spec) && Arrays.equals(factors, other.factors);
  }

  RopeTable fresh() {
    return new RopeTable(spec, factors);
  }

  void clear() {
    filled = false;
  }

  RopeTable fill(Batch batch) {
    if (!filled) {
      int n = batch.size() * pairs;
      if (cos.length < n) {
        cos = new float[n];
        sin = new float[n];
      }
      for (int row = 0; row < batch.size(); row++) {
        fillRow(batch.position(row), cos, sin, row * pairs);
      }
      filled = true;
    }
    return this;
  }

  private void fillRow(int position, float[] cos, float[] sin, int at) {
    float step = (float) Math.pow(spec.base(), -2.0f / spec.dims());
    float low = 0;
    float high = 0;
    if (spec.ext() != 0) {
      low = Math.max(0, (float) Math.floor(correction(spec.betaFast())));
      high = Math.min(spec.dims() - 1, (float) Math.ceil(correction(spec.betaSlow())));
    }
    float theta = position;
    for (int i = 0; i < pairs; i++) {
      float angle = sectionPosition(i) ? theta : 0;
      float extrapolated = factors == null ? angle : angle / factors[i];
      float interpolated = spec.scale() * extrapolated;
      float magnitude = spec.attention();
      float used = interpolated;
      if (spec.ext() != 0) {
        float y = (i - low) / Math.max(0.001f, high - low);
        float mix = (1 - Math.min(1, Math.max(0, y))) * spec.ext();
        used = interpolated * (1 - mix) + extrapolated * mix;
        magnitude *= 1 + 0.1f * (float) Math.log(1 / spec.scale());
      }
      cos[at + i] = (float) Math.cos(used) * magnitude;
      sin[at + i] = (float) Math.sin(used) * magnitude;
      theta *= step;
    }
  }

  /** The dimension at which YaRN's ramp begins or ends: so many rotations over the context. */
  private float correction(float rotations) {
    return spec.dims()
        * (float) Math.log(spec.originalContext() / (rotations * 2 * (float) Math.PI))
        / (2 * (float) Math.log(spec.base()));
  }

  /** For text, time, height and width are the position, and the fourth section stands at 0. */
  private boolean sectionPosition(int pair) {
    List<Integer> s = spec.sections();
    if (s.isEmpty()) {
      return true;
    }
    int sum = s.get(0) + s.get(1) + s.get(2) + s.get(3);
    if (sum == 0) {
      return true;
    }
    int sector = pair % sum;
    if (spec.pairing() == Pairing.INTERLEAVED_SECTIONS) {
      return sector % 3 == 0 && sector < 3 * s.get(0)
          || sector % 3 == 1 && sector < 3 * s.get(1)
          || sector % 3 == 2 && sector < 3 * s.get(2);
    }
    return sector < s.get(0) + s.get(1) + s.get(2);
  }

  /** Rotates the first values of one head of the token in {@code row}. */
  void rotate(float[] x, int from, int row) {
    rotate(x, from, cos, sin, row * pairs);
  }

  /** Takes back what {@link #rotate} has done, but for the magnitude, which applies once more. */
  void rotateBack(float[] x, int from, int row) {
    int at = row * pairs;
    for (int i = at; i < at + pairs; i++) {
      sin[i] = -sin[i];
    }
    rotate(x, from, cos, sin, at);
    for (int i = at; i < at + pairs; i++) {
      sin[i] = -sin[i];
    }
  }

  /** As {@link #rotate}, for a position that need not be in the batch. */
  void rotateAt(float[] x, int from, int position) {
    float[] c = new float[pairs];
    float[] s = new float[pairs];
    fillRow(position, c, s, 0);
    rotate(x, from, c, s, 0);
  }

  private void rotate(float[] x, int from, float[] cos, float[] sin, int at) {
    if (spec.pairing() == Pairing.NEIGHBOURS) {
      for (int i = 0; i < pairs; i++) {
        float a = x[from + 2 * i];
        float b = x[from + 2 * i + 1];
        x[from + 2 * i] = a * cos[at + i] - b * sin[at + i];
        x[from + 2 * i + 1] = a * sin[at + i] + b * cos[at + i];
      }
    } else {
      for (int i = 0; i < pairs; i++) {
        float a = x[from + i];
        float b = x[from + pairs + i];
        x[from + i] = a * cos[at + i] - b * sin[at + i];
        x[from + pairs + i] = a * sin[at + i] + b * cos[at + i];
      }
    }
  }
}
