package dev.jllm.core.token;

import dev.jllm.gguf.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The cheapest way through a text, where a token costs its negative score in steps of 1/10000 and a
 * character that no token covers a fixed high price; found from the end to the start. Of equally
 * cheap tokens at one place the longest is taken. Characters without a token become byte tokens.
 */
final class Plamo2Encoder implements Encoder {
  private static final int INVALID = -20_000_000;
  private static final int UNCOVERED = -10_000_000;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final ByteTrie trie;
  private final int[] scores;
  private final int[] byteTokens = new int[256];

  Plamo2Encoder(Vocabulary vocabulary) {
    List<byte[]> keys = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    scores = new int[vocabulary.size()];
    for (int id = 0; id < vocabulary.size(); id++) {
      String text = vocabulary.text(id);
      if (vocabulary.is(id, TokenAttributes.BYTE)) {
        if (RwkvText.isByteToken(text)) {
          byteTokens[ByteTokens.value(text)] = id;
        }
        continue;
      }
      scores[id] = fixedPoint(vocabulary.score(id));
      if (scores[id] > INVALID) {
        keys.add(text.getBytes(StandardCharsets.UTF_8));
        ids.add(id);
      }
    }
    for (int b = 0; b < byteTokens.length; b++) {
      if (byteTokens[b] == 0) {
        throw new ModelFormatException(
            "the vocabulary has no byte token " + ByteTokens.text(b) + ", which plamo2 needs");
      }
    }
    trie =
        new ByteTrie(
            keys.toArray(new byte[0][]), ids.stream().mapToInt(Integer::intValue).toArray());
  }

  private static int fixedPoint(float score) {
    double scaled = score * 1e4;
    if (Double.isNaN(scaled) || Double.isInfinite(scaled)) {
      return INVALID;
    }
    return (int) (scaled < 0 ? -Math.floor(0.5 - scaled) : Math.floor(scaled + 0.5));
  }

  @Override
  public void encode(String source, int from, int to, boolean afterSpecial, TokenBuffer out) {
    int start = source.codePointAt(from) == BYTE_ORDER_MARK ? from + 1 : from;
    Utf8Text text = Utf8Text.of(source, start, to);
    int n = text.size();
    long[] costs = new long[n + 1];
    int[] best = new int[n];
    int[] lengths = new int[n];
    for (int at = n - 1; at >= 0; at--) {
      if ((text.at(at) & 0xC0) != 0x80) {
        choose(text, at, costs, best, lengths);
      }
    }
    for (int at = 0; at < n; at += lengths[at]) {
      int end = text.end(at + lengths[at] - 1);
      if (best[at] >= 0) {
        out.add(best[at], end);
        continue;
      }
      for (int i = 0; i < lengths[at]; i++) {
        out.add(byteTokens[text.at(at + i) & 255], end);
      }
    }
  }

  private void choose(Utf8Text text, int at, long[] costs, int[] best, int[] lengths) {
    long cost = Long.MAX_VALUE;
    int node = trie.root(text.at(at));
    for (int i = at + 1; node >= 0; i++) {
      int id = trie.value(node);
      if (id >= 0 && costs[i] - scores[id] <= cost) {
        cost = costs[i] - scores[id];
        best[at] = id;
        lengths[at] = i - at;
      }
      node = i < text.size() ? trie.child(node, text.at(i)) : -1;
    }
    int length = text.characterLength(at);
    if (costs[at + length] - UNCOVERED < cost) {
      cost = costs[at + length] - UNCOVERED;
      best[at] = -1;
      lengths[at] = length;
    }
    costs[at] = cost;
  }
}
