package dev.jllm.core.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds special tokens in text before anything else happens to it. Longer tokens go before shorter
 * ones, of one token's places the leftmost goes first, and what is taken is taken. Control and
 * unknown tokens are found in trusted text only; user-defined ones everywhere.
 */
final class SpecialFinder {
  private static final int SPECIAL =
      TokenAttributes.CONTROL | TokenAttributes.USER_DEFINED | TokenAttributes.UNKNOWN;
  private static final int TRUSTED_ONLY = TokenAttributes.CONTROL | TokenAttributes.UNKNOWN;

  /** Which stretches of a text may hold control tokens. */
  interface Trust {
    boolean covers(int from, int to);
  }

  /** A place at which a special token stands. */
  private record Hit(int rank, int from, int to) {}

  /** A special token in a text, with the white space that it swallows. */
  record Found(int id, int from, int to) {}

  private final Vocabulary vocabulary;

  /** Special tokens in the order in which they are looked for. */
  private final int[] order;

  private final CharTrie trie = new CharTrie();

  SpecialFinder(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    int[] ids = new int[vocabulary.size()];
    int[] lengths = new int[vocabulary.size()];
    int n = 0;
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.is(id, SPECIAL)) {
        String text = vocabulary.text(id);
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
          char c = text.charAt(i);
          bytes += Character.isSurrogate(c) ? 2 : Utf8.length(c);
        }
        ids[n] = id;
        lengths[id] = bytes;
        n++;
      }
    }
    order = SortOrder.byLengthDescending(Arrays.copyOf(ids, n), lengths);
    for (int rank = 0; rank < n; rank++) {
      trie.add(vocabulary.text(order[rank]), rank);
    }
  }

  /** The special tokens of {@code text} from left to right. */
  List<Found> find(String text, @Nullable Trust trust) {
    List<Hit> hits = hits(text, trust);
    if (hits.isEmpty()) {
      return List.of();
    }
    hits.sort((a, b) -> a.rank != b.rank ? a.rank - b.rank : a.from - b.from);
    boolean[] taken = new boolean[text.length()];
    List<Found> found = new ArrayList<>();
    for (Hit hit : hits) {
      if (isFree(taken, hit)) {
        found.add(take(text, taken, hit));
      }
    }
    found.sort((a, b) -> a.from - b.from);
    return found;
  }

  private List<Hit> hits(String text, @Nullable Trust trust) {
    List<Hit> hits = new ArrayList<>();
    for (int from = 0; from < text.length(); from++) {
      int node = trie.root(text.charAt(from));
      for (int to = from + 1; node >= 0; to++) {
        int rank = trie.value(node);
        if (rank >= 0 && isAllowed(order[rank], from, to, trust)) {
          hits.add(new Hit(rank, from, to));
        }
        node = to < text.length() ? trie.child(node, text.charAt(to)) : -1;
      }
    }
    return hits;
  }

  private boolean isAllowed(int id, int from, int to, @Nullable Trust trust) {
    return !vocabulary.is(id, TRUSTED_ONLY) || trust != null && trust.covers(from, to);
  }

  private static boolean isFree(boolean[] taken, Hit hit) {
    for (int i = hit.from; i < hit.to; i++) {
      if (taken[i]) {
        return false;
      }
    }
    return true;
  }

  private Found take(String text, boolean[] taken, Hit hit) {
    int from = hit.from;
    int to = hit.to;
    if (vocabulary.is(order[hit.rank], TokenAttributes.STRIP_LEFT)) {
      while (from > 0 && !taken[from - 1] && isSpace(text.charAt(from - 1))) {
        from--;
      }
    }
    if (vocabulary.is(order[hit.rank], TokenAttributes.STRIP_RIGHT)) {
      while (to < text.length() && !taken[to] && isSpace(text.charAt(to))) {
        to++;
      }
    }
    Arrays.fill(taken, from, to, true);
    return new Found(order[hit.rank], from, to);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }
}
