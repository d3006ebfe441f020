package dev.jllm.core.sample;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The token sequences over which {@link Dry} does not look back. Immutable once built. */
public final class SequenceBreakers {
  /** No breakers. */
  public static final SequenceBreakers NONE = new SequenceBreakers(List.of());

  private static final int LONGEST_TEXT = 40;
  private static final int LONGEST_TAIL = 20;

  /** From a first token to its place in {@link #tails} plus 1. */
  private final IntMap heads = new IntMap();

  /** By first token: what may follow it. An empty tail makes the token a breaker by itself. */
  private final List<List<int[]>> tails = new ArrayList<>();

  /** Empty sequences are passed over. */
  public SequenceBreakers(List<int[]> sequences) {
    for (int[] sequence : sequences) {
      if (sequence.length > 0) {
        add(sequence[0], Arrays.copyOfRange(sequence, 1, sequence.length));
      }
    }
  }

  /**
   * The token sequences that stand for certain texts: a token that holds such a text breaks by
   * itself; one that ends with its beginning breaks if the tokens of the rest follow. Texts count
   * up to their 40th byte, rests up to their 20th token.
   */
  public static SequenceBreakers ofTexts(List<String> breakers, TokenTexts texts) {
    SequenceBreakers result = new SequenceBreakers(List.of());
    List<byte[]> wanted = new ArrayList<>();
    for (String b : breakers) {
      byte[] bytes = b.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 0) {
        wanted.add(Arrays.copyOf(bytes, Math.min(bytes.length, LONGEST_TEXT)));
      }
    }
    int[][][] tails = new int[wanted.size()][LONGEST_TEXT][];
    for (int id = 0; id < texts.size(); id++) {
      byte[] token = texts.standalone(id);
      for (int w = 0; w < tails.length; w++) {
        result.addOverlaps(id, token, wanted.get(w), tails[w], texts);
      }
    }
    return result;
  }

  /** {@code tails} remembers, by the number of bytes before it, the tokens of the rest. */
  private void addOverlaps(int id, byte[] token, byte[] text, int[][] tails, TokenTexts texts) {
    for (int at = 0; at < token.length; at++) {
      if (common(token, at, text) == text.length) {
        add(id, new int[0]);
        return;
      }
    }
    for (int at = 0; at < token.length; at++) {
      int n = common(token, at, text);
      if (at + n == token.length) {
        int[] tail = tails[n];
        if (tail == null) {
          tail = texts.tokenize(new String(text, n, text.length - n, StandardCharsets.UTF_8));
          tail = Arrays.copyOf(tail, Math.min(tail.length, LONGEST_TAIL));
          tails[n] = tail;
        }
        add(id, tail);
      }
    }
  }

  /** How many bytes {@code token} from {@code at} on and {@code text} have in common. */
  private static int common(byte[] token, int at, byte[] text) {
    int n = 0;
    while (n < text.length && at + n < token.length && token[at + n] == text[n]) {
      n++;
    }
    return n;
  }

  private void add(int head, int[] tail) {
    int place = heads.get(head);
    if (place == 0) {
      tails.add(new ArrayList<>());
      place = tails.size();
      heads.put(head, place);
    }
    List<int[]> known = tails.get(place - 1);
    for (int[] t : known) {
      if (Arrays.equals(t, tail)) {
        return;
      }
    }
    known.add(tail);
  }

  /** Whether {@code token} is a breaker by itself. */
  boolean isBreaker(int token) {
    int place = heads.get(token);
    if (place == 0) {
      return false;
    }
    List<int[]> known = tails.get(place - 1);
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).length == 0) {
        return true;
      }
    }
    return false;
  }

  /** How many tokens follow the last breaker in {@code history}; all of them if there is none. */
  int distance(TokenHistory history) {
    if (heads.isEmpty()) {
      return history.size();
    }
    for (int i = 0; i < history.size(); i++) {
      int place = heads.get(history.back(i));
      if (place > 0) {
        int length = longestTail(tails.get(place - 1), history, i);
        if (length >= 0) {
          return i - length;
        }
      }
    }
    return history.size();
  }

  /** The length of the longest tail that stands behind the token {@code i} from the end, or -1. */
  private static int longestTail(List<int[]> tails, TokenHistory history, int i) {
    int longest = -1;
    for (int t = 0; t < tails.size(); t++) {
      int[] tail = tails.get(t);
      if (tail.length > longest && tail.length <= i && follows(tail, history, i)) {
        longest = tail.length;
      }
    }
    return longest;
  }

  private static boolean follows(int[] tail, TokenHistory history, int i) {
    for (int j = 0; j < tail.length; j++) {
      if (tail[j] != history.back(i - j - 1)) {
        return false;
      }
    }
    return true;
  }
}
