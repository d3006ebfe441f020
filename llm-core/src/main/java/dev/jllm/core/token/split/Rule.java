package dev.jllm.core.token.split;

/** One alternative of a pre-tokenizer's pattern. */
@FunctionalInterface
interface Rule {
  /** No match. */
  int NONE = -1;

  /**
   * The end of the match that starts at {@code at}, or {@link #NONE}.
   *
   * @param to the end of the stretch; {@code at} is before it
   */
  int end(CodePoints text, int at, int to);
}
