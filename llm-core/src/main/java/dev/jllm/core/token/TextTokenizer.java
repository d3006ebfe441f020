package dev.jllm.core.token;

import java.util.List;

/**
 * Text to tokens and back, as llama.cpp v0.5.0 does it with the same file. Immutable but for
 * caches; usable by many threads at once.
 *
 * <p>Strings are taken as Unicode text. A lone surrogate is not Unicode text; it is encoded as
 * U+FFFD, the replacement character.
 */
public interface TextTokenizer {
  /** The tokens that text is made of. */
  Vocabulary vocabulary();

  /**
   * The tokens of a text.
   *
   * @param addSpecial whether the tokens that the model wants around a text are added (BOS, EOS,
   *     separator, as the vocabulary says)
   * @param parseSpecial whether strings of control tokens in the text become control tokens; false
   *     for text of unknown origin. User-defined tokens are recognised either way
   */
  default int[] encode(CharSequence text, boolean addSpecial, boolean parseSpecial) {
    return encodeWithOffsets(text, addSpecial, parseSpecial).ids();
  }

  /** As {@link #encode(CharSequence, boolean, boolean)}, with each token's span in the text. */
  Encoding encodeWithOffsets(CharSequence text, boolean addSpecial, boolean parseSpecial);

  /**
   * The tokens of a text that is put together from trusted and untrusted spans. Words may cross the
   * spans' borders, so the outcome is that of the whole text; but a control token is made only of
   * text that is trusted from its first to its last character.
   */
  default int[] encode(List<TextSpan> spans, boolean addSpecial) {
    return encodeWithOffsets(spans, addSpecial).ids();
  }

  /** As {@link #encode(List, boolean)}, with each token's span in the text as a whole. */
  Encoding encodeWithOffsets(List<TextSpan> spans, boolean addSpecial);

  /** The number of tokens of a text as such: nothing added, control tokens not recognised. */
  default int count(CharSequence text) {
    return encodeWithOffsets(text, false, false).size();
  }

  /**
   * The bytes of one token, which need not be whole characters.
   *
   * @param special whether control and unknown tokens have bytes (their text) or none
   */
  byte[] pieceBytes(int id, boolean special);

  /**
   * The bytes that tokens {@code from} to {@code to} stand for: the space put before the text is
   * taken away again, and spaces are cleaned up where the vocabulary wants it.
   *
   * @param removeSpecial whether an added BOS and EOS at the ends are left out
   * @param unparseSpecial whether control and unknown tokens show as their text
   */
  byte[] decodeBytes(int[] ids, int from, int to, boolean removeSpecial, boolean unparseSpecial);

  /** {@link #decodeBytes} as text; what is not UTF-8 becomes U+FFFD. */
  String decode(int[] ids, int from, int to, boolean removeSpecial, boolean unparseSpecial);

  /** The token of a line feed, or -1. */
  int newline();
}
