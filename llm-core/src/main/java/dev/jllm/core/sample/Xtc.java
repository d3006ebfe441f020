package dev.jllm.core.sample;

/**
 * Exclude top choices: with the given probability, of the candidates that reach the threshold only
 * the least likely one stays, so that the text leaves the beaten track while it keeps making sense.
 *
 * <p>P. E. Weidmann, 2024: github.com/oobabooga/text-generation-webui/pull/6335.
 */
public final class Xtc extends RandomSampler {
  private final float probability;
  private final float threshold;
  private final int minKeep;

  /**
   * A {@code probability} of 0, or a {@code threshold} above one half, which two candidates cannot
   * both reach, changes nothing. Acts only if {@code minKeep} candidates stay.
   */
  public Xtc(float probability, float threshold, int minKeep, SplitRandom random) {
    super(random);
    this.probability = Arguments.number("xtc_probability", probability);
    this.threshold = Arguments.number("xtc_threshold", threshold);
    this.minKeep = Arguments.count("min_keep", minKeep);
  }

  private Xtc(Xtc other) {
    super(other);
    probability = other.probability;
    threshold = other.threshold;
    minKeep = other.minKeep;
  }

  @Override
  public String name() {
    return "xtc";
  }

  @Override
  public void apply(Candidates candidates) {
    if (!(probability > 0) || threshold > 0.5f || candidates.size() < 2) {
      return;
    }
    if (random.nextFloat() >= probability) {
      return;
    }
    candidates.sort();
    candidates.softmax();
    int last = 0;
    for (int i = 1; i < candidates.size() && candidates.probability(i) >= threshold; i++) {
      last = i;
    }
    if (candidates.size() - last >= minKeep) {
      candidates.dropFirst(last);
    }
  }

  @Override
  public Xtc copy() {
    return new Xtc(this);
  }
}
