package dev.jllm.core.engine;

import dev.jllm.api.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what a model writes apart: answer, reasoning, tool calls. */
interface OutputReader {
  /** Takes a piece and passes on what it is certain of. */
  void accept(String piece, Sink sink);

  /**
   * The text has ended.
   *
   * @param cut whether it was cut off, so that what looks like the beginning of a mark is one
   */
  void finish(boolean cut, Sink sink);

  /** The answer so far. */
  String text();

  /** The reasoning so far, or null where there is none. */
  @Nullable String reasoning();

  /** The complete tool calls. */
  List<ToolCall> toolCalls();

  /** Whether the model is thinking at present. */
  boolean inReasoning();

  /** The text that ends the reasoning, or null where this model's reasoning cannot be ended. */
  @Nullable String reasoningEnd();

  /** Whether this reader wants to see the text of a control token. */
  boolean shows(String controlToken);
}
