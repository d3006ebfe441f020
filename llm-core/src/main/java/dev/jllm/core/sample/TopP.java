package dev.jllm.core.sample;

/**
 * Nucleus sampling: keeps the likeliest candidates that together reach the probability {@code p}.
 *
 * <p>A. Holtzman et al.: The Curious Case of Neural Text Degeneration. ICLR 2020, arXiv:1904.09751.
 */
public final class TopP implements Sampler {
  /** A nucleus is small as a rule: so many are sorted at first, then eight times as many … */
  private static final int FIRST = 256;

  private final float p;
  private final int minKeep;

  /** A {@code p} of 1 or more keeps all; {@code minKeep} candidates stay in any case. */
  public TopP(float p, int minKeep) {
    this.p = Arguments.number("top_p", p);
    this.minKeep = Arguments.count("min_keep", minKeep);
  }

  @Override
  public String name() {
    return "top_p";
  }

  @Override
  public void apply(Candidates candidates) {
    if (p >= 1) {
      return;
    }
    candidates.softmax();
    int n = candidates.size();
    if (candidates.sorted()) {
      candidates.keepFirst(nucleus(candidates.probabilities(), n));
      return;
    }
    float[] probability = candidates.probabilities();
    for (int k = Math.min(FIRST, n); ; k = (int) Math.min(8L * k, n)) {
      long[] best = candidates.best(k);
      float sum = 0;
      for (int i = 0; i < k; i++) {
        sum += probability[Selection.position(best[i])];
        if (sum >= p && i + 1 >= minKeep) {
          candidates.takeTop(best, i + 1);
          return;
        }
      }
      if (k == n) {
        candidates.takeTop(best, n);
        return;
      }
    }
  }

  private int nucleus(float[] probability, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) {
      sum += probability[i];
      if (sum >= p && i + 1 >= minKeep) {
        return i + 1;
      }
    }
    return n;
  }

  @Override
  public TopP copy() {
    return this;
  }
}
