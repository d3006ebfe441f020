package dev.jllm.core.token;

import dev.jllm.core.token.unicode.Unicode;
import java.util.Arrays;

/**
 * WordPiece as BERT has it (Devlin et al. 2018, arXiv:1810.04805): text is stripped of control
 * characters and, where the file says so, of accents and capitals; cut at white space and around
 * punctuation and Han characters; and each word is covered from the left by the longest tokens. A
 * word that cannot be covered is one unknown token.
 */
final class WordPieceEncoder implements Encoder {
  private static final char WORD_START = '\u2581';

  private final Vocabulary vocabulary;
  private final PieceIndex index;
  private final int unknown;

  WordPieceEncoder(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    index = vocabulary.index();
    unknown = vocabulary.special(SpecialToken.UNK);
  }

  @Override
  public void encode(String text, int from, int to, boolean afterSpecial, TokenBuffer out) {
    Word word = new Word(out);
    for (int i = from; i < to; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (i > to || c >= 0xD800 && c <= 0xDFFF) {
        i = Math.min(i, to);
        continue;
      }
      if (vocabulary.stripsAccents()) {
        c = Unicode.firstOfDecomposition(c);
      }
      int kind = Unicode.classOf(c);
      if (kind == Unicode.SPACE) {
        word.finish();
        continue;
      }
      boolean dropped = c == 0 || c == 0xFFFD || kind == Unicode.CONTROL;
      if (dropped || kind == Unicode.MARK && vocabulary.stripsAccents()) {
        continue;
      }
      boolean alone =
          kind == Unicode.PUNCTUATION || kind == Unicode.SYMBOL && c < 0x7F || isChinese(c);
      if (alone) {
        word.finish();
      }
      word.add(vocabulary.lowercases() ? Unicode.lowercase(c) : c, i);
      if (alone) {
        word.finish();
      }
    }
    word.finish();
  }

  /** The blocks that BERT's tokenizer takes for Chinese. */
  private static boolean isChinese(int c) {
    return c >= 0x4E00 && c <= 0x9FFF
        || c >= 0x3400 && c <= 0x4DBF
        || c >= 0x20000 && c <= 0x2A6DF
        || c >= 0x2A700 && c <= 0x2B73F
        || c >= 0x2B740 && c <= 0x2B81F
        || c >= 0x2B920 && c <= 0x2CEAF
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0x2F800 && c <= 0x2FA1F;
  }

  /** The word that is being gathered. */
  private final class Word {
    private final TokenBuffer out;
    private char[] text = new char[64];
    private int[] ends = new int[64];
    private int[] hashes = new int[65];
    private int[] powers = {1};
    private int size;

    Word(TokenBuffer out) {
      this.out = out;
      add(WORD_START, 0);
    }

    void add(int c, int end) {
      if (size + 2 > text.length) {
        text = Arrays.copyOf(text, 2 * size);
        ends = Arrays.copyOf(ends, 2 * size);
        hashes = new int[2 * size + 1];
      }
      for (int n = Character.toChars(c, text, size); n > 0; n--) {
        ends[size++] = end;
      }
    }

    void finish() {
      if (size > 1) {
        cover();
      }
      size = 1;
    }

    private void cover() {
      sumHashes();
      int before = out.size();
      int at = 0;
      while (at < size) {
        int end = Math.min(size, at + vocabulary.longestText());
        int id = -1;
        while (end > at && id < 0) {
          int hash = hashes[end] - hashes[at] * powers[end - at];
          id = index.find(text, at, end - at, hash);
          end -= id < 0 ? 1 : 0;
        }
        if (id < 0) {
          out.truncate(before);
          if (unknown >= 0) {
            out.add(unknown, ends[size - 1]);
          }
          return;
        }
        out.add(id, ends[end - 1]);
        at = end;
      }
    }

    /** Running hashes, from which any range's {@link String#hashCode()} can be had. */
    private void sumHashes() {
      if (powers.length <= size) {
        powers = new int[text.length + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
          powers[i] = 31 * powers[i - 1];
        }
      }
      for (int i = 0; i < size; i++) {
        hashes[i + 1] = 31 * hashes[i] + text[i];
      }
    }
  }
}
