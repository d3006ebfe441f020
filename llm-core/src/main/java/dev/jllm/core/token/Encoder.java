package dev.jllm.core.token;

/**
 * Turns plain text, in which special tokens have been found already, into tokens. One a kind of
 * vocabulary; immutable but for caches, usable by many threads.
 */
interface Encoder {
  /**
   * Appends the tokens of the characters from {@code from} to {@code to}.
   *
   * @param afterSpecial whether the stretch begins the text or follows a special token
   */
  void encode(String text, int from, int to, boolean afterSpecial, TokenBuffer out);
}
