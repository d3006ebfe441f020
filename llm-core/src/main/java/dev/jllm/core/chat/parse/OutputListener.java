package dev.jllm.core.chat.parse;

/**
 * Hears what a text stands for as it comes. All that was said stays true: deltas add up to the
 * final result, and nothing is taken back.
 */
public interface OutputListener {
  /** More of the answer. */
  default void content(String delta) {}

  /** More of the thoughts. */
  default void reasoning(String delta) {}

  /** A tool call began; {@code index} counts from 0. */
  default void callStarted(int index, String name) {}

  /** More of a call's arguments, JSON text. */
  default void callArguments(int index, String delta) {}

  /** A call came to its end, or to where it stopped making sense: {@link ParsedCall#complete}. */
  default void callEnded(int index, ParsedCall call) {}
}
