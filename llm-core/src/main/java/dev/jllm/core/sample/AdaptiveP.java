package dev.jllm.core.sample;

import java.util.Arrays;

/**
 * Chooses candidates whose probability is near a target, and moves the target so that the
 * probabilities of the tokens accepted average to it (their average weighs older tokens less and
 * less). Near the target the preference falls quadratically, further away linearly.
 *
 * <p>Described in llama.cpp's pull request 17927 (M. J. Z. Tuazon, 2025).
 */
public final class AdaptiveP extends RandomSampler {
  private static final float PEAK = 5;
  private static final float SHARPNESS = 10;
  private static final float INVERSE_WIDTH = 1 / 0.3f;

  private final float target;
  private final float decay;
  private float weightedSum;
  private float totalWeight;

  /** Probabilities before the transformation, by candidate index. */
  private float[] before = new float[0];

  private int pendingToken = -1;
  private float pendingProbability;

  /**
   * @param target the probability wanted, 0 to 1; negative draws from the candidates as they are
   * @param decay how much of its weight a token keeps for the next one, clamped to [0, 0.99]
   */
  public AdaptiveP(float target, float decay, SplitRandom random) {
    super(random);
    this.target = Arguments.number("adaptive_p target", target);
    this.decay = Math.max(0, Math.min(0.99f, Arguments.number("adaptive_p decay", decay)));
    forget();
  }

  private AdaptiveP(AdaptiveP other) {
    super(other);
    target = other.target;
    decay = other.decay;
    weightedSum = other.weightedSum;
    totalWeight = other.totalWeight;
    pendingToken = other.pendingToken;
    pendingProbability = other.pendingProbability;
  }

  private void forget() {
    weightedSum = target / (1 - decay);
    totalWeight = 1 / (1 - decay);
    pendingToken = -1;
  }

  @Override
  public String name() {
    return "adaptive_p";
  }

  @Override
  public void apply(Candidates candidates) {
    if (target < 0) {
      candidates.draw(random);
      return;
    }
    candidates.softmax();
    int n = candidates.size();
    if (before.length < n) {
      before = new float[n];
    }
    System.arraycopy(candidates.probabilities(), 0, before, 0, n);
    float wanted = unit(2 * unit(target) - weightedSum / totalWeight);
    float[] x = candidates.logits();
    for (int i = 0; i < n; i++) {
      if (x[i] > Float.NEGATIVE_INFINITY) {
        float d = Math.abs((before[i] - wanted) * INVERSE_WIDTH);
        x[i] = PEAK - SHARPNESS * d * d / (1 + d);
      }
    }
    candidates.reordered();
    candidates.draw(random);
    pendingToken = candidates.selectedId();
    pendingProbability = before[candidates.selected()];
  }

  private static float unit(float x) {
    return Math.max(0, Math.min(1, x));
  }

  @Override
  public void accept(int token) {
    if (token == pendingToken) {
      weightedSum = pendingProbability + decay * weightedSum;
      totalWeight = 1 + decay * totalWeight;
    }
    pendingToken = -1;
  }

  @Override
  public void reset() {
    super.reset();
    Arrays.fill(before, 0);
    forget();
  }

  @Override
  public AdaptiveP copy() {
    return new AdaptiveP(this);
  }
}
