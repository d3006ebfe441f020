package dev.jllm.core.sample;

/**
 * Mirostat: chooses so that the surprise of the text stays near {@code tau} bits. The steepness of
 * the distribution, assumed to follow Zipf's law, is estimated from the likeliest {@code m}
 * candidates; a top-k for which the law promises the surprise {@code mu} follows, and what was
 * observed corrects {@code mu}.
 *
 * <p>S. Basu et al.: Mirostat: A Neural Text Decoding Algorithm that Directly Controls Perplexity.
 * ICLR 2021, arXiv:2007.14966.
 */
public final class Mirostat extends RandomSampler {
  private final int vocabularySize;
  private final int m;
  private final SurpriseControl control;

  /**
   * @param tau the surprise wanted, in bits per token
   * @param eta how fast to correct, above 0
   * @param m how many candidates the estimate looks at, usually 100
   */
  public Mirostat(int vocabularySize, float tau, float eta, int m, SplitRandom random) {
    super(random);
    this.vocabularySize = vocabularySize;
    this.m = Math.max(1, Arguments.count("mirostat m", m));
    control = new SurpriseControl(tau, eta);
  }

  private Mirostat(Mirostat other) {
    super(other);
    vocabularySize = other.vocabularySize;
    m = other.m;
    control = new SurpriseControl(other.control);
  }

  @Override
  public String name() {
    return "mirostat";
  }

  @Override
  public void apply(Candidates candidates) {
    candidates.sortIfFew();
    candidates.softmax();
    int steps = Math.min(m, candidates.size());
    candidates.keepTop(k(candidates, candidates.best(steps), steps));
    candidates.draw(random);
    control.chose(candidates);
  }

  private int k(Candidates candidates, long[] best, int steps) {
    float[] p = candidates.probabilities();
    float products = 0;
    float squares = 0;
    for (int i = 0; i < steps - 1; i++) {
      float next = p[Selection.position(best[i + 1])];
      if (!(next > 0)) {
        break; // an impossible candidate says nothing about the steepness of the possible ones
      }
      float t = (float) StrictMath.log((i + 2) / (float) (i + 1));
      float b = (float) StrictMath.log(p[Selection.position(best[i])] / next);
      products += t * b;
      squares += t * t;
    }
    float s = products / squares;
    float epsilon = s - 1;
    float power = (float) Softmax.pow(2, control.mu());
    float tail = 1 - (float) Softmax.pow(vocabularySize, -epsilon);
    float k = (float) Softmax.pow(epsilon * power / tail, 1 / s);
    // A k beyond all bounds comes of candidates that are equally likely, where the law says
    // nothing.
    // As in the reference engine, whose conversion to an integer overflows, the best one stays.
    return k >= 1 && k < 0x1p31f ? (int) k : 1;
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
  public Mirostat copy() {
    return new Mirostat(this);
  }
}
