package dev.jllm.core.sample;

/**
 * Makes impossible the candidates whose logit is more than {@code n} standard deviations below the
 * greatest. Candidates at -infinity do not count for the deviation.
 *
 * <p>C. Tang et al.: Top-nσ: Not All Logits Are You Need. ACL 2025, arXiv:2411.07641.
 */
public final class TopNSigma implements Sampler {
  private final float n;

  /** An {@code n} of 0 or less changes nothing. */
  public TopNSigma(float n) {
    this.n = Arguments.number("top_n_sigma", n);
  }

  @Override
  public String name() {
    return "top_n_sigma";
  }

  @Override
  public void apply(Candidates candidates) {
    int size = candidates.size();
    if (!(n > 0) || size <= 1) {
      return;
    }
    float[] x = candidates.logits();
    float max = candidates.maxLogit();
    float sum = 0;
    int possible = 0;
    for (int i = 0; i < size; i++) {
      if (x[i] > Float.NEGATIVE_INFINITY) {
        sum += x[i];
        possible++;
      }
    }
    float mean = possible > 0 ? sum / possible : 0;
    float squares = 0;
    for (int i = 0; i < size; i++) {
      if (x[i] > Float.NEGATIVE_INFINITY) {
        float d = x[i] - mean;
        squares += (double) d * d;
      }
    }
    float sigma = possible > 0 ? (float) Math.sqrt(squares / possible) : 0;
    float least = max - n * sigma;
    for (int i = 0; i < size; i++) {
      if (x[i] < least) {
        x[i] = Float.NEGATIVE_INFINITY;
      }
    }
    candidates.sort();
  }

  @Override
  public TopNSigma copy() {
    return this;
  }
}
