package dev.jllm.core.sample;

/**
 * Mirostat 2.0: keeps the candidates whose surprise is at most {@code mu} bits, chooses one of
 * them, and corrects {@code mu} by how far the surprise of the choice was from {@code tau}. The
 * simpler of the two algorithms of the paper named at {@link Mirostat}.
 */
public final class MirostatV2 extends RandomSampler {
  private final SurpriseControl control;

  /**
   * @param tau the surprise wanted, in bits per token
   * @param eta how fast to correct, above 0
   */
  public MirostatV2(float tau, float eta, SplitRandom random) {
    super(random);
    control = new SurpriseControl(tau, eta);
  }

  private MirostatV2(MirostatV2 other) {
    super(other);
    control = new SurpriseControl(other.control);
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
    if (!candidates.keepProbable((float) Softmax.pow(2, -control.mu()))) {
      candidates.keepTop(1);
    }
    candidates.draw(random);
    control.chose(candidates);
  }

  @Override
  public void accept(int token) {
    control.accept(token);
  }

  @Override
  public void reset() {
    super.reset();
    control.reset();
  }

  @Override
  public MirostatV2 copy() {
    return new MirostatV2(this);
  }
}
