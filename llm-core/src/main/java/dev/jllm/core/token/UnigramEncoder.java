package dev.jllm.core.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's unigram language model (Kudo 2018, arXiv:1804.10959): of all ways to cover the
 * normalised text with tokens the one with the highest sum of scores (Viterbi). A character that no
 * token covers is unknown, at ten below the lowest score; unknown neighbours are one token.
 */
final class UnigramEncoder implements Encoder {
  private static final float UNKNOWN_PENALTY = 10;
  private static final byte[] SPACE_MARK = "\u2581".getBytes(StandardCharsets.UTF_8);

  private final Vocabulary vocabulary;
  private final @Nullable CharsMap charsMap;
  private final ByteTrie trie;
  private final ByteTrie userDefined;
  private final int unknown;
  private final double unknownScore;

  UnigramEncoder(Vocabulary vocabulary, @Nullable CharsMap charsMap) {
    this.vocabulary = vocabulary;
    this.charsMap = charsMap;
    unknown = vocabulary.special(SpecialToken.UNK);
    float least = Float.MAX_VALUE;
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.is(id, TokenAttributes.NORMAL)) {
        least = Math.min(least, vocabulary.score(id));
      }
    }
    unknownScore = least - UNKNOWN_PENALTY;
    trie = trie(TokenAttributes.NORMAL | TokenAttributes.USER_DEFINED | TokenAttributes.UNUSED);
    userDefined = trie(TokenAttributes.USER_DEFINED);
  }

  private ByteTrie trie(int attributes) {
    List<byte[]> keys = new ArrayList<>();
    int[] ids = new int[vocabulary.size()];
    for (int id = 0; id < ids.length; id++) {
      if (vocabulary.is(id, attributes)) {
        ids[keys.size()] = id;
        keys.add(vocabulary.text(id).getBytes(StandardCharsets.UTF_8));
      }
    }
    return new ByteTrie(keys.toArray(new byte[0][]), Arrays.copyOf(ids, keys.size()));
  }

  @Override
  public void encode(String source, int from, int to, boolean afterSpecial, TokenBuffer out) {
    Utf8Text text = normalise(Utf8Text.of(source, from, to));
    int n = text.size();
    if (n == 0) {
      return;
    }
    int[] ids = new int[n + 1];
    int[] starts = new int[n + 1];
    double[] sums = new double[n + 1];
    Arrays.fill(ids, unknown);
    Arrays.fill(sums, 1, n + 1, -Double.MAX_VALUE);
    for (int at = 0; at < n; at += text.characterLength(at)) {
      extend(text, at, ids, starts, sums);
    }
    int before = out.size();
    boolean wasUnknown = false;
    for (int end = n; end > 0; end = starts[end]) {
      boolean isUnknown = ids[end] == unknown;
      if (!(isUnknown && wasUnknown) && ids[end] >= 0) {
        out.add(ids[end], text.end(end - 1));
      }
      wasUnknown = isUnknown;
    }
    out.reverse(before);
  }

  /** Tries every token that starts at {@code at}. */
  private void extend(Utf8Text text, int at, int[] ids, int[] starts, double[] sums) {
    int character = text.characterLength(at);
    boolean covered = false;
    int node = trie.root(text.at(at));
    for (int end = at + 1; node >= 0; end++) {
      int id = trie.value(node);
      if (id >= 0) {
        covered |= end - at == character;
        boolean free = vocabulary.is(id, TokenAttributes.USER_DEFINED);
        double sum = sums[at] + (free ? 0 : vocabulary.score(id));
        if (sum > sums[end]) {
          sums[end] = sum;
          ids[end] = id;
          starts[end] = at;
        }
      }
      node = end < text.size() ? trie.child(node, text.at(end)) : -1;
    }
    int end = at + character;
    if (!covered && sums[at] + unknownScore > sums[end]) {
      sums[end] = sums[at] + unknownScore;
      ids[end] = unknown;
      starts[end] = at;
    }
  }

  private Utf8Text normalise(Utf8Text source) {
    Utf8Text out = new Utf8Text(source.size() + 8);
    Spaces spaces = new Spaces(out);
    CharsMap map = charsMap == null ? null : charsMap.view();
    for (int at = 0; at < source.size(); ) {
      int length = userDefinedPrefix(source, at);
      int replacement = length > 0 || map == null ? -1 : map.match(source, at);
      if (replacement >= 0 && map != null) {
        length = map.matched;
        int end = source.end(at + length - 1);
        for (int i = 0; i < map.length(replacement); i++) {
          spaces.add(map.replacementByte(replacement, i), end);
        }
      } else {
        length = length > 0 ? length : source.characterLength(at);
        for (int i = at; i < at + length; i++) {
          spaces.add(source.at(i), source.end(i));
        }
      }
      at += length;
    }
    return out;
  }

  /** How many bytes agree with the start of some user-defined token, not always a whole one. */
  private int userDefinedPrefix(Utf8Text text, int at) {
    int node = userDefined.root(text.at(at));
    int end = at;
    while (node >= 0) {
      end++;
      node = end < text.size() ? userDefined.child(node, text.at(end)) : -1;
    }
    return end - at;
  }

  /** Writes spaces the way the vocabulary wants them. */
  private final class Spaces {
    private final Utf8Text out;
    private boolean prefixed;
    private boolean inWord;

    Spaces(Utf8Text out) {
      this.out = out;
    }

    void add(byte b, int end) {
      if (b != ' ') {
        if (!inWord) {
          inWord = true;
          if (vocabulary.addsSpacePrefix() && !prefixed || vocabulary.mergesSpaces()) {
            space(end);
            prefixed = true;
          }
        }
        out.add(b, end);
      } else {
        inWord = false;
        if (!vocabulary.mergesSpaces()) {
          space(end);
        }
      }
    }

    private void space(int end) {
      for (byte b : SPACE_MARK) {
        out.add(b, end);
      }
    }
  }
}
