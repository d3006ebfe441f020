package dev.jllm.core.token;

import dev.jllm.core.token.unicode.Unicode;

/** Drops white space, makes letters small where the file wants it, and encodes what is between. */
final class WhitespaceEncoder implements Encoder {
  private final Encoder words;
  private final boolean lowercase;

  WhitespaceEncoder(Encoder words, boolean lowercase) {
    this.words = words;
    this.lowercase = lowercase;
  }

  @Override
  public void encode(String text, int from, int to, boolean afterSpecial, TokenBuffer out) {
    String words = lowercase ? lowercase(text, from, to) : text;
    int start = from;
    while (start < to) {
      int end = start;
      while (end < to && Unicode.classOf(words.charAt(end)) != Unicode.SPACE) {
        end++;
      }
      if (end > start) {
        this.words.encode(words, start, end, false, out);
      }
      start = end + 1;
    }
  }

  /** Lowercase keeps the number of UTF-16 units of every character, so that offsets stay true. */
  private static String lowercase(String text, int from, int to) {
    StringBuilder small = new StringBuilder(to);
    small.append(text, 0, from);
    for (int i = from; i < to; ) {
      int c = text.codePointAt(i);
      int lower = Unicode.lowercase(c);
      small.appendCodePoint(Character.charCount(lower) == Character.charCount(c) ? lower : c);
      i += Character.charCount(c);
    }
    return small.toString();
  }
}
