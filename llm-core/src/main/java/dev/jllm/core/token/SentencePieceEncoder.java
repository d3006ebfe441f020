package dev.jllm.core.token;

/**
 * SentencePiece's byte pair encoding (Kudo and Richardson 2018, arXiv:1808.06226): of all
 * neighbours whose text together is a token, those of the highest score are merged first.
 *
 * <p>A token that has a space inside a word is rare; where the vocabulary has none, no merge
 * crosses the place between a word and the space behind it, so every word is encoded for itself.
 */
final class SentencePieceEncoder implements Encoder {
  private static final char SPACE_MARK = '\u2581';

  private final Vocabulary vocabulary;
  private final PieceIndex index;
  private final int[] priorities;
  private final int[] byteTokens = new int[256];
  private final boolean wordsApart;
  private final WordCache cache = new WordCache();

  SentencePieceEncoder(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    index = vocabulary.index();
    priorities = new int[vocabulary.size()];
    boolean apart = true;
    for (int id = 0; id < priorities.length; id++) {
      priorities[id] = priority(vocabulary.score(id));
      apart = apart && !crossesWords(vocabulary.text(id));
    }
    wordsApart = apart;
    for (int b = 0; b < 256; b++) {
      int id = index.find(ByteTokens.text(b));
      if (id < 0 && b < 0x80) {
        id = index.find(String.valueOf((char) b));
      }
      byteTokens[b] = id >= 0 ? id : vocabulary.special(SpecialToken.UNK);
    }
  }

  /** Scores in descending order as integers in ascending order. */
  private static int priority(float score) {
    int bits = Float.floatToIntBits(score + 0.0f);
    int ascending = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
    return Math.min(~ascending, PairMerger.NO_PAIR - 1);
  }

  private static boolean crossesWords(String token) {
    for (int i = 1; i < token.length(); i++) {
      if (token.charAt(i) == SPACE_MARK && token.charAt(i - 1) != SPACE_MARK) {
        return true;
      }
    }
    return false;
  }

  /** The token of a byte (0 to 255), the unknown token where it has none. */
  int byteToken(int b) {
    return byteTokens[b];
  }

  @Override
  public void encode(String text, int from, int to, boolean afterSpecial, TokenBuffer out) {
    boolean prefix = afterSpecial && vocabulary.addsSpacePrefix();
    char[] characters = new char[to - from + (prefix ? 1 : 0)];
    text.getChars(from, to, characters, prefix ? 1 : 0);
    if (prefix) {
      characters[0] = SPACE_MARK;
    }
    for (int i = 0; i < characters.length; i++) {
      char c = characters[i];
      if (c == ' ') {
        characters[i] = SPACE_MARK;
      } else if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < characters.length
            && Character.isLowSurrogate(characters[i + 1])) {
          i++;
        } else {
          characters[i] = '\uFFFD';
        }
      }
    }
    new Session(characters, prefix ? from - 1 : from, from, out).encode();
  }

  /** One stretch of text being encoded; positions are in the escaped text. */
  private final class Session extends PairMerger {
    private final char[] text;

    /** What is added to a position to have the source's. */
    private final int shift;

    private final int first;
    private final TokenBuffer out;

    /** Position at which each symbol starts. */
    private int[] starts = new int[64];

    Session(char[] text, int shift, int first, TokenBuffer out) {
      this.text = text;
      this.shift = shift;
      this.first = first;
      this.out = out;
    }

    void encode() {
      if (!wordsApart) {
        encode(0, text.length);
        return;
      }
      int start = 0;
      for (int i = 1; i <= text.length; i++) {
        if (i == text.length || text[i] == SPACE_MARK && text[i - 1] != SPACE_MARK) {
          word(start, i);
          start = i;
        }
      }
    }

    private void word(int from, int to) {
      if (to - from > WordCache.LONGEST) {
        encode(from, to);
        return;
      }
      int hash = WordCache.hash(text, from, to);
      WordCache.Entry entry = cache.find(hash, text, from, to);
      if (entry != null) {
        for (int i = 0; i < entry.ids.length; i++) {
          out.add(entry.ids[i], source(from + entry.ends[i]));
        }
        return;
      }
      int before = out.size();
      int n = encode(from, to);
      int[] ends = new int[n];
      int size = out.size() - before;
      if (n != size) {
        return; // a character fell apart into bytes, which share their end
      }
      int k = 0;
      for (int i = 0; i >= 0; i = next[i]) {
        ends[k++] = this.ends[i] - from;
      }
      cache.put(new WordCache.Entry(hash, text, from, to, out.ids(before), ends));
    }

    private int source(int position) {
      return Math.max(first, position + shift);
    }

    /** Appends the tokens of a stretch and returns the number of symbols they come from. */
    private int encode(int from, int to) {
      reserve(to - from);
      if (starts.length < ids.length) {
        starts = new int[ids.length];
      }
      int n = 0;
      for (int i = from; i < to; n++) {
        starts[n] = i;
        i += Character.isHighSurrogate(text[i]) ? 2 : 1;
        ends[n] = i;
        ids[n] = find(starts[n], i);
      }
      merge(n);
      int symbols = 0;
      for (int i = 0; i >= 0 && n > 0; i = next[i]) {
        emit(i);
        symbols++;
      }
      return symbols;
    }

    private int find(int from, int to) {
      int hash = 0;
      for (int i = from; i < to; i++) {
        hash = 31 * hash + text[i];
      }
      return index.find(text, from, to - from, hash);
    }

    @Override
    int pair(int left, int right) {
      int length = ends[right] - starts[left];
      if (length > vocabulary.longestText()) {
        return NO_PAIR;
      }
      mergedId = find(starts[left], ends[right]);
      return mergedId < 0 ? NO_PAIR : priorities[mergedId];
    }

    private void emit(int symbol) {
      int end = source(ends[symbol]);
      if (ids[symbol] >= 0) {
        out.add(ids[symbol], end);
        return;
      }
      int c = Character.codePointAt(text, starts[symbol], text.length);
      int n = Utf8.length(c);
      for (int i = 0; i < n; i++) {
        int id = byteTokens[Utf8.byteAt(c, i, n)];
        if (id >= 0) {
          out.add(id, end);
        }
      }
    }
  }
}
