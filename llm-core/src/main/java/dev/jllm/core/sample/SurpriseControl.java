package dev.jllm.core.sample;

/**
 * The feedback of mirostat: the bound {@code mu} on the surprise of the next token, corrected by
 * how far the tokens accepted were from the surprise wanted.
 *
 * <p>A choice is only remembered; the bound moves when that token is accepted. A choice that is
 * refused and made again, as under a grammar, therefore counts once.
 */
final class SurpriseControl {
  private final float tau;
  private final float eta;
  private float mu;
  private int pendingToken = -1;
  private float pendingProbability;

  SurpriseControl(float tau, float eta) {
    this.tau = Arguments.number("mirostat tau", tau);
    this.eta = Arguments.number("mirostat eta", eta);
    mu = 2 * tau;
  }

  SurpriseControl(SurpriseControl other) {
    tau = other.tau;
    eta = other.eta;
    mu = other.mu;
    pendingToken = other.pendingToken;
    pendingProbability = other.pendingProbability;
  }

  /** The greatest surprise that the next token may have, in bits. */
  float mu() {
    return mu;
  }

  /** A candidate was chosen. */
  void chose(Candidates candidates) {
    pendingToken = candidates.selectedId();
    pendingProbability = candidates.probability(candidates.selected());
  }

  /** A token follows; one that was not chosen here says nothing. */
  void accept(int token) {
    if (token == pendingToken) {
      mu -= eta * (surprise(pendingProbability) - tau);
    }
    pendingToken = -1;
  }

  void reset() {
    mu = 2 * tau;
    pendingToken = -1;
  }

  /** The surprise of an event of probability {@code p}, in bits. */
  private static float surprise(float p) {
    return (float) (-StrictMath.log(p) / StrictMath.log(2));
  }
}
