package dev.jllm.core.token;

import dev.jllm.core.token.SpecialFinder.Found;
import dev.jllm.core.token.SpecialFinder.Trust;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokenizer of a vocabulary: special tokens, then the encoder of its kind for the rest. */
final class VocabularyTokenizer implements TextTokenizer {
  private static final Trust ALL = (from, to) -> true;

  private final Vocabulary vocabulary;
  private final Encoder encoder;
  private final SpecialFinder specials;
  private final Pieces pieces;
  private final int newline;

  VocabularyTokenizer(Vocabulary vocabulary, Encoder encoder) {
    this.vocabulary = vocabulary;
    this.encoder = encoder;
    specials = new SpecialFinder(vocabulary);
    pieces = new Pieces(vocabulary);
    newline = findNewline();
  }

  private int findNewline() {
    int pad = vocabulary.special(SpecialToken.PAD);
    switch (vocabulary.type()) {
      case NONE:
        return Vocabulary.NONE;
      case WORD_PIECE:
        return pad;
      case SENTENCE_PIECE:
        int id = vocabulary.find(ByteTokens.text('\n'));
        id = id >= 0 ? id : vocabulary.find("\n");
        return id >= 0 ? id : pad;
      default:
        TokenBuffer out = new TokenBuffer();
        encoder.encode("\n", 0, 1, true, out);
        return out.size() > 0 ? out.id(0) : pad;
    }
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public int newline() {
    return newline;
  }

  @Override
  public Encoding encodeWithOffsets(CharSequence text, boolean addSpecial, boolean parseSpecial) {
    return encode(text.toString(), addSpecial, parseSpecial ? ALL : null);
  }

  @Override
  public Encoding encodeWithOffsets(List<TextSpan> spans, boolean addSpecial) {
    StringBuilder text = new StringBuilder();
    int[] borders = new int[spans.size()];
    for (int i = 0; i < borders.length; i++) {
      borders[i] = text.append(spans.get(i).text()).length();
    }
    Trust trust =
        (from, to) -> {
          int at = Arrays.binarySearch(borders, from);
          int span = at < 0 ? -at - 1 : at + 1;
          while (span < borders.length && spans.get(span).trusted()) {
            if (to <= borders[span]) {
              return true;
            }
            span++;
          }
          return false;
        };
    return encode(text.toString(), addSpecial, trust);
  }

  private Encoding encode(String text, boolean addSpecial, @Nullable Trust trust) {
    TokenBuffer out = new TokenBuffer();
    if (addSpecial && addsBos()) {
      out.add(vocabulary.special(SpecialToken.BOS), 0);
    }
    int at = 0;
    boolean afterSpecial = true;
    if (!text.isEmpty()) {
      for (Found found : specials.find(text, trust)) {
        if (at < found.from()) {
          encoder.encode(text, at, found.from(), afterSpecial, out);
        }
        out.add(found.id(), found.to());
        at = found.to();
        afterSpecial = true;
      }
    }
    if (at < text.length()) {
      encoder.encode(text, at, text.length(), afterSpecial, out);
    }
    if (addSpecial) {
      int closing = closing();
      if (closing >= 0) {
        out.add(closing, text.length());
      }
    }
    return new Encoding(out.ids(0), out.ends(0));
  }

  private boolean addsBos() {
    return switch (vocabulary.type()) {
      case WORD_PIECE -> vocabulary.special(SpecialToken.BOS) >= 0;
      case SENTENCE_PIECE, BPE, UNIGRAM -> vocabulary.addsBos();
      default -> false;
    };
  }

  /** The token that is put behind a text, or -1. */
  private int closing() {
    return switch (vocabulary.type()) {
      case WORD_PIECE -> vocabulary.special(SpecialToken.SEP);
      case SENTENCE_PIECE, BPE, UNIGRAM ->
          vocabulary.addsEos() ? vocabulary.special(SpecialToken.EOS) : Vocabulary.NONE;
      default -> Vocabulary.NONE;
    };
  }

  @Override
  public byte[] pieceBytes(int id, boolean special) {
    return isShown(id, special) ? pieces.of(id) : new byte[0];
  }

  private boolean isShown(int id, boolean special) {
    return special || !vocabulary.is(id, TokenAttributes.CONTROL | TokenAttributes.UNKNOWN);
  }

  @Override
  public byte[] decodeBytes(
      int[] ids, int from, int to, boolean removeSpecial, boolean unparseSpecial) {
    int first = from;
    int last = to;
    boolean removeSpace = vocabulary.addsSpacePrefix();
    if (removeSpecial
        && vocabulary.addsBos()
        && first < last
        && ids[first] == vocabulary.special(SpecialToken.BOS)) {
      removeSpace = false;
      first++;
    }
    if (removeSpecial
        && vocabulary.addsEos()
        && first < last
        && ids[last - 1] == vocabulary.special(SpecialToken.EOS)) {
      last--;
    }
    byte[] out = new byte[8 * (last - first) + 16];
    int n = 0;
    for (int i = first; i < last; i++) {
      if (isShown(ids[i], unparseSpecial)) {
        byte[] piece = pieces.of(ids[i]);
        int skip = removeSpace && piece.length > 0 && piece[0] == ' ' ? 1 : 0;
        int length = piece.length - skip;
        if (n + length > out.length) {
          out = Arrays.copyOf(out, Math.max(n + length, 2 * out.length));
        }
        System.arraycopy(piece, skip, out, n, length);
        n += length;
      }
      removeSpace = false;
    }
    if (vocabulary.cleansSpaces()) {
      n = SpaceCleaner.clean(out, n);
    }
    return n == out.length ? out : Arrays.copyOf(out, n);
  }

  @Override
  public String decode(int[] ids, int from, int to, boolean removeSpecial, boolean unparseSpecial) {
    byte[] bytes = decodeBytes(ids, from, to, removeSpecial, unparseSpecial);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
