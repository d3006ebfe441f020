package dev.jllm.core.engine;

import dev.jllm.api.ToolCall;

/** Where the pieces of a generation go. */
interface Sink {
  /** Ignores everything. */
  Sink NONE = new Sink() {};

  default void promptProgress(int processed, int total) {}

  default void token(int id) {}

  default void text(String piece) {}

  default void reasoning(String piece) {}

  default void toolCall(ToolCall call) {}

  default void toolResult(ToolCall call, String result) {}
}
