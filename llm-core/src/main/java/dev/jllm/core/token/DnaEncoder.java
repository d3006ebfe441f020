package dev.jllm.core.token;

/**
 * Text with DNA in it: between {@code <dna>} and {@code </dna>} six bases make a token, the last
 * ones filled up with A; what is not A, C, G or T is unknown.
 */
final class DnaEncoder implements Encoder {
  private static final String OPEN = "<dna>";
  private static final String CLOSE = "</dna>";
  private static final String UNKNOWN = "<oov>";
  private static final int BASES = 6;

  /** Ends the text of DNA tokens in files, so that they differ from the same letters as text. */
  private static final String MARKER = "\uE000";

  private final Encoder text;
  private final Vocabulary vocabulary;
  private final int open;
  private final int close;
  private final int unknown;

  private DnaEncoder(Encoder text, Vocabulary vocabulary) {
    this.text = text;
    this.vocabulary = vocabulary;
    open = vocabulary.find(OPEN);
    close = vocabulary.find(CLOSE);
    unknown = vocabulary.find(UNKNOWN);
  }

  /** An encoder of text and DNA, or of text alone where the vocabulary has no DNA. */
  static Encoder over(Encoder text, Vocabulary vocabulary) {
    DnaEncoder dna = new DnaEncoder(text, vocabulary);
    return dna.open < 0 || dna.close < 0 || dna.unknown < 0 ? text : dna;
  }

  /** Takes the markers from the tokens behind {@link #UNKNOWN} so that they decode to bases. */
  static void eraseMarkers(String[] texts, PieceIndex index) {
    int first = index.find(UNKNOWN);
    for (int id = first + 1; first >= 0 && id < texts.length; id++) {
      if (texts[id].length() > MARKER.length() && texts[id].endsWith(MARKER)) {
        texts[id] = texts[id].substring(0, texts[id].length() - MARKER.length());
      }
    }
  }

  @Override
  public void encode(String source, int from, int to, boolean afterSpecial, TokenBuffer out) {
    int at = from;
    while (at < to) {
      int start = indexOf(source, OPEN, at, to);
      if (start < 0) {
        text.encode(source, at, to, afterSpecial, out);
        return;
      }
      if (start > at) {
        text.encode(source, at, start, afterSpecial, out);
      }
      int bases = start + OPEN.length();
      out.add(open, bases);
      int end = indexOf(source, CLOSE, bases, to);
      encodeBases(source, bases, end >= 0 ? end : to, out);
      if (end < 0) {
        return;
      }
      at = end + CLOSE.length();
      out.add(close, at);
    }
  }

  private static int indexOf(String source, String tag, int from, int to) {
    for (int i = from; i + tag.length() <= to; i++) {
      if (source.startsWith(tag, i)) {
        return i;
      }
    }
    return -1;
  }

  /** A base is a byte; a character beyond ASCII makes as many unknown bases as it has bytes. */
  private void encodeBases(String source, int from, int to, TokenBuffer out) {
    StringBuilder bases = new StringBuilder();
    for (int i = from; i < to; i++) {
      char c = source.charAt(i);
      int bytes = Character.isSurrogate(c) ? 2 : Utf8.length(c);
      for (int k = 0; k < bytes; k++) {
        bases.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
        if (bases.length() == BASES) {
          emit(bases, i + 1, out);
        }
      }
    }
    if (bases.length() > 0) {
      while (bases.length() < BASES) {
        bases.append('A');
      }
      emit(bases, to, out);
    }
  }

  private void emit(StringBuilder bases, int end, TokenBuffer out) {
    int id = vocabulary.find(bases.append(MARKER).toString());
    out.add(id >= 0 ? id : unknown, end);
    bases.setLength(0);
  }
}
