package dev.jllm.core.sample;

/**
 * Forbids every token that would complete a sequence of {@code n} tokens which the text already
 * holds.
 *
 * <p>R. Paulus, C. Xiong, R. Socher: A Deep Reinforced Model for Abstractive Summarization. ICLR
 * 2018, arXiv:1705.04304.
 */
public final class NoRepeatNgram implements Sampler {
  private final int n;
  private final TokenHistory history;
  private final Ban ban = new Ban();

  /** An {@code n} of 0 forbids nothing. */
  public NoRepeatNgram(int n) {
    this.n = Arguments.count("no_repeat_ngram", n);
    history = new TokenHistory(n == 0 ? 0 : Integer.MAX_VALUE);
  }

  private NoRepeatNgram(NoRepeatNgram other) {
    n = other.n;
    history = new TokenHistory(other.history);
  }

  @Override
  public String name() {
    return "no_repeat_ngram";
  }

  @Override
  public void accept(int token) {
    if (n > 0) {
      history.add(token);
    }
  }

  @Override
  public void apply(Candidates candidates) {
    if (n == 0) {
      return;
    }
    ban.begin();
    // The end of the text, n - 1 tokens long, against every earlier place; k is the distance.
    for (int k = 1; k + n - 1 <= history.size(); k++) {
      int i = 0;
      while (i < n - 1 && history.back(i) == history.back(i + k)) {
        i++;
      }
      if (i == n - 1) {
        ban.add(history.back(k - 1));
      }
    }
    ban.apply(candidates);
  }

  @Override
  public void reset() {
    history.clear();
  }

  @Override
  public NoRepeatNgram copy() {
    return new NoRepeatNgram(this);
  }
}
