package dev.jllm.core.sample;

/** Chooses a candidate at random, each with its probability. */
public final class Dist extends RandomSampler {
  public Dist(SplitRandom random) {
    super(random);
  }

  private Dist(Dist other) {
    super(other);
  }

  @Override
  public String name() {
    return "dist";
  }

  @Override
  public void apply(Candidates candidates) {
    candidates.draw(random);
  }

  @Override
  public Dist copy() {
    return new Dist(this);
  }
}
