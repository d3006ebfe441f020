package dev.jllm.core.sample;

/** Chooses the candidate of the greatest logit, the first one among equals. */
public final class Greedy implements Sampler {
  @Override
  public String name() {
    return "greedy";
  }

  @Override
  public void apply(Candidates candidates) {
    int best = 0;
    if (!candidates.sorted()) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < candidates.size(); i++) {
        float x = candidates.logit(i);
        if (x > max) {
          max = x;
          best = i;
        }
      }
    }
    candidates.select(best);
  }

  @Override
  public Greedy copy() {
    return this;
  }
}
