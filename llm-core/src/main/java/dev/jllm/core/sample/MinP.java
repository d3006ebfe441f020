package dev.jllm.core.sample;

/**
 * Keeps the candidates whose probability is at least {@code p} times that of the likeliest one.
 *
 * <p>M. Nguyen et al.: Turning Up the Heat: Min-p Sampling for Creative and Coherent LLM Outputs.
 * ICLR 2025, arXiv:2407.01082.
 */
public final class MinP implements Sampler {
  private final float p;
  private final float logP;
  private final int minKeep;

  /** A {@code p} of 0 or less keeps all; {@code minKeep} candidates stay in any case. */
  public MinP(float p, int minKeep) {
    this.p = Arguments.number("min_p", p);
    this.minKeep = Arguments.count("min_keep", minKeep);
    logP = (float) StrictMath.log(p);
  }

  @Override
  public String name() {
    return "min_p";
  }

  @Override
  public void apply(Candidates candidates) {
    if (!(p > 0)) {
      return;
    }
    float max = candidates.maxLogit();
    if (max == Float.NEGATIVE_INFINITY) {
      return; // nothing is possible, so nothing is less likely than the rest
    }
    float least = max + logP;
    if (!candidates.sorted() && candidates.keepFrom(least, minKeep)) {
      return;
    }
    candidates.sort();
    int n = 1;
    while (n < candidates.size() && (candidates.logit(n) >= least || n < minKeep)) {
      n++;
    }
    candidates.keepFirst(n);
  }

  @Override
  public MinP copy() {
    return this;
  }
}
