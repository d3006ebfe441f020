package dev.jllm.core.sample;

/**
 * A temperature that follows the entropy of the candidates: the surer the model, the lower, within
 * {@code temperature} ± {@code range}. The entropy, as a share of the greatest possible, is raised
 * to {@code exponent} and mapped to that interval. Known as entropy-based dynamic temperature
 * (kalomaze, 2023); compare S. Zhang, Y. Bao, S. Huang: EDT, arXiv:2403.14541, 2024.
 */
public final class DynamicTemperature implements Sampler {
  private final float temperature;
  private final float range;
  private final float exponent;

  /** Without a {@code range} above 0 this is a plain {@link Temperature}. */
  public DynamicTemperature(float temperature, float range, float exponent) {
    this.temperature = Arguments.number("temperature", temperature);
    this.range = Arguments.number("range of the dynamic temperature", range);
    this.exponent = Arguments.number("exponent of the dynamic temperature", exponent);
  }

  @Override
  public String name() {
    return "temp_ext";
  }

  @Override
  public void apply(Candidates candidates) {
    if (!(range > 0)) {
      if (temperature != 1) {
        Temperature.scale(candidates, temperature);
      }
      return;
    }
    int n = candidates.size();
    if (n <= 1) {
      return;
    }
    candidates.sortIfFew();
    candidates.softmax();
    float[] p = candidates.probabilities();
    float entropy = 0;
    for (int i = 0; i < n; i++) {
      if (p[i] > 0) {
        entropy -= p[i] * (float) StrictMath.log(p[i]);
      }
    }
    float greatest = -(float) StrictMath.log(1f / n);
    float low = Math.max(0, temperature - range);
    float high = temperature + range;
    float share = (float) Softmax.pow(entropy / greatest, exponent);
    Temperature.scale(candidates, low + (high - low) * share);
  }

  @Override
  public DynamicTemperature copy() {
    return this;
  }
}
