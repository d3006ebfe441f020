package dev.jllm.core.token.split;

/** Receives the words of a text, one after the other, without gaps. */
@FunctionalInterface
public interface Words {
  /** The word from {@code from} to {@code to} (indexes of code points). */
  void word(CodePoints text, int from, int to);
}
