package dev.jllm.core.sample;

import java.util.List;

/**
 * Forbids sequences of tokens: a token that would complete one of them becomes impossible. For
 * words whose text can be tokenized in several ways, {@link BannedTexts} is the safer choice.
 */
public final class BannedSequences implements Sampler {
  private final int[][] sequences;
  private final TokenHistory history;
  private final Ban ban = new Ban();

  /** Empty sequences are passed over. */
  public BannedSequences(List<int[]> sequences) {
    this.sequences =
        sequences.stream().filter(s -> s.length > 0).map(int[]::clone).toArray(int[][]::new);
    int longest = 1;
    for (int[] s : this.sequences) {
      longest = Math.max(longest, s.length);
    }
    history = new TokenHistory(longest);
  }

  private BannedSequences(BannedSequences other) {
    sequences = other.sequences;
    history = new TokenHistory(other.history);
  }

  @Override
  public String name() {
    return "banned_sequences";
  }

  @Override
  public void accept(int token) {
    history.add(token);
  }

  @Override
  public void apply(Candidates candidates) {
    ban.begin();
    for (int[] s : sequences) {
      if (begun(s)) {
        ban.add(s[s.length - 1]);
      }
    }
    ban.apply(candidates);
  }

  /** Whether the text ends with all of {@code s} but its last token. */
  private boolean begun(int[] s) {
    int before = s.length - 1;
    if (before > history.size()) {
      return false;
    }
    for (int i = 0; i < before; i++) {
      if (s[before - 1 - i] != history.back(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void reset() {
    history.clear();
  }

  @Override
  public BannedSequences copy() {
    return new BannedSequences(this);
  }
}
