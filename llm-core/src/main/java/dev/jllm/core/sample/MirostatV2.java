package dev.jllm.core.sample;

/**
 * Mirostat 2.0: keeps the candidates whose surprise is at most {@code mu} bits, chooses one of
 * them, and corrects {@code mu} by how far the surprise of the choice was from {@code tau}. The
 * simpler of the two algorithms of the paper named at {@link Mirostat}.
 */
public final class MirostatV2 extends RandomSampler {
  private final float tau;
  private final float eta;
  private float mu;

  /**
   * @param tau the surprise wanted, in bits per token
   * @param eta how fast to correct, above 0
   */
  public MirostatV2(float tau, float eta, SplitRandom random) {
    super(random);
    this.tau = Arguments.number("mirostat tau", tau);
    this.eta = Arguments.number("mirostat eta", eta);
    mu = 2 * tau;
  }

  private MirostatV2(MirostatV2 other) {
    super(other);
    tau = other.tau;
    eta = other.eta;
    mu = other.mu;
  }

  @Override
  public String name() {
    return "mirostat_v2";
  }

  @Override
  public void apply(Candidates candidates) {
    candidates.sortIfFew();
    candidates.softmax();
    // A surprise of at most mu bits is a probability of at least 2^-mu.
    if (!candidates.keepProbable((float) Softmax.pow(2, -mu))) {
      candidates.keepTop(1);
    }
    candidates.draw(random);
    mu -= eta * (Mirostat.surprise(candidates.probability(candidates.selected())) - tau);
  }

  @Override
  public void reset() {
    super.reset();
    mu = 2 * tau;
  }

  @Override
  public MirostatV2 copy() {
    return new MirostatV2(this);
  }
}
