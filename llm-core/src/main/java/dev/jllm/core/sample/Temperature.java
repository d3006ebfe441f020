package dev.jllm.core.sample;

/**
 * Divides the logits by a temperature [1]: below 1 the likely candidates become likelier, above 1
 * the choice more even. At 0 only the best candidate stays possible.
 *
 * <p>[1] D. H. Ackley, G. E. Hinton, T. J. Sejnowski: A Learning Algorithm for Boltzmann Machines.
 * Cognitive Science 9(1), 1985.
 */
public final class Temperature implements Sampler {
  private final float temperature;

  /** A {@code temperature} of 0 or less means: the best candidate. */
  public Temperature(float temperature) {
    this.temperature = Arguments.number("temperature", temperature);
  }

  @Override
  public String name() {
    return "temperature";
  }

  @Override
  public void apply(Candidates candidates) {
    if (temperature != 1) {
      scale(candidates, temperature);
    }
  }

  /** Divides by {@code temperature}; at 0 or less sets all logits but the greatest to -infinity. */
  static void scale(Candidates candidates, float temperature) {
    float[] x = candidates.logits();
    int n = candidates.size();
    if (temperature > 0) {
      for (int i = 0; i < n; i++) {
        x[i] /= temperature;
      }
      return;
    }
    int best = 0;
    for (int i = 1; i < n; i++) {
      if (x[i] > x[best]) {
        best = i;
      }
    }
    for (int i = 0; i < n; i++) {
      if (i != best) {
        x[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  @Override
  public Temperature copy() {
    return this;
  }
}
