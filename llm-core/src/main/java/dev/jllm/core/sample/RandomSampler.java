package dev.jllm.core.sample;

/** What samplers with randomness share: where their numbers come from. */
abstract class RandomSampler implements Sampler {
  private SplitRandom start;
  final SplitRandom random;

  RandomSampler(SplitRandom random) {
    start = random.copy();
    this.random = random.copy();
  }

  /** A sampler that starts as {@code other} started and continues as it would. */
  RandomSampler(RandomSampler other) {
    start = other.start.copy();
    random = other.random.copy();
  }

  @Override
  public void reset() {
    random.set(start);
  }

  @Override
  public void reseed(SplitRandom random) {
    start = random.copy();
    this.random.set(random);
  }
}
