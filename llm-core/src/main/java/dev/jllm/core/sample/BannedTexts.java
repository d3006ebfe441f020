package dev.jllm.core.sample;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Forbids words and other strings, however they are cut into tokens: a token whose bytes would
 * complete one of them becomes impossible.
 *
 * <p>How much of a string the text ends with is followed by the automaton of D. E. Knuth, J. H.
 * Morris, V. R. Pratt (Fast Pattern Matching in Strings, SIAM J. Comput. 6(2), 1977); which tokens
 * complete it from there was found once for the whole vocabulary.
 */
public final class BannedTexts implements Sampler {
  private final List<Pattern> patterns;
  private final TokenTexts texts;
  private final int[] states;
  private final Ban ban = new Ban();

  /** Empty strings are passed over. */
  public BannedTexts(List<String> banned, TokenTexts texts) {
    this.texts = texts;
    patterns = new ArrayList<>();
    for (String s : banned) {
      if (!s.isEmpty()) {
        patterns.add(new Pattern(s.getBytes(StandardCharsets.UTF_8), texts));
      }
    }
    states = new int[patterns.size()];
  }

  private BannedTexts(BannedTexts other) {
    texts = other.texts;
    patterns = other.patterns;
    states = other.states.clone();
  }

  @Override
  public String name() {
    return "banned_texts";
  }

  @Override
  public void accept(int token) {
    if (token < 0 || token >= texts.size()) {
      return;
    }
    byte[] bytes = texts.bytes(token);
    for (int p = 0; p < states.length; p++) {
      states[p] = patterns.get(p).after(states[p], bytes);
    }
  }

  @Override
  public void apply(Candidates candidates) {
    ban.begin();
    for (int p = 0; p < states.length; p++) {
      Pattern pattern = patterns.get(p);
      // Every border of what is matched is matched too; state 0 is the last one.
      for (int j = states[p]; ; j = pattern.border[j]) {
        for (int token : pattern.completers[j]) {
          ban.add(token);
        }
        if (j == 0) {
          break;
        }
      }
    }
    ban.apply(candidates);
  }

  @Override
  public void reset() {
    Arrays.fill(states, 0);
  }

  @Override
  public BannedTexts copy() {
    return new BannedTexts(this);
  }

  /** One banned string. A state is how many of its bytes the text ends with. */
  private static final class Pattern {
    final byte[] text;

    /** By state: the greatest smaller state that holds as well. */
    final int[] border;

    /** By state: the tokens that complete the string from there. */
    final int[][] completers;

    Pattern(byte[] text, TokenTexts texts) {
      this.text = text;
      border = borders(text);
      completers = new int[text.length][];
      List<List<Integer>> lists = new ArrayList<>();
      for (int j = 0; j < text.length; j++) {
        lists.add(new ArrayList<>());
      }
      for (int id = 0; id < texts.size(); id++) {
        byte[] piece = texts.bytes(id);
        if (holds(piece)) {
          lists.get(0).add(id);
          continue;
        }
        for (int j = 1; j < text.length; j++) {
          if (startsWithRest(piece, j)) {
            lists.get(j).add(id);
          }
        }
      }
      for (int j = 0; j < text.length; j++) {
        completers[j] = lists.get(j).stream().mapToInt(i -> i).toArray();
      }
    }

    private static int[] borders(byte[] text) {
      int[] border = new int[text.length + 1];
      int j = 0;
      for (int i = 1; i < text.length; i++) {
        while (j > 0 && text[i] != text[j]) {
          j = border[j];
        }
        if (text[i] == text[j]) {
          j++;
        }
        border[i + 1] = j;
      }
      return border;
    }

    int after(int state, byte[] bytes) {
      int j = state;
      for (byte b : bytes) {
        // Given text may hold a banned string; what counts then is its border.
        while (j > 0 && (j == text.length || b != text[j])) {
          j = border[j];
        }
        if (b == text[j]) {
          j++;
        }
      }
      return j == text.length ? border[j] : j;
    }

    private boolean holds(byte[] piece) {
      for (int at = 0; at + text.length <= piece.length; at++) {
        int i = 0;
        while (i < text.length && piece[at + i] == text[i]) {
          i++;
        }
        if (i == text.length) {
          return true;
        }
      }
      return false;
    }

    private boolean startsWithRest(byte[] piece, int from) {
      if (text.length - from > piece.length) {
        return false;
      }
      for (int i = from; i < text.length; i++) {
        if (piece[i - from] != text[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
