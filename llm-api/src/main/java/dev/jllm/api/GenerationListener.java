package dev.jllm.api;

/**
 * Receives a generation while it is written, on the generation's own thread, one call at a time. An
 * exception that a method throws cancels the generation and completes its result exceptionally.
 */
public interface GenerationListener {
  /** A part of the prompt has been processed. */
  default void onPromptProgress(int processedTokens, int totalTokens) {}

  /** The id of a token, before its text. */
  default void onToken(int id) {}

  /** A piece of the answer; whole code points. */
  default void onText(String piece) {}

  /** A piece of what the model thinks before it answers; whole code points. */
  default void onReasoning(String piece) {}

  /** The model has asked for a tool. */
  default void onToolCall(ToolCall call) {}

  /** A tool that the engine ran has answered. */
  default void onToolResult(ToolCall call, String result) {}

  /** The generation is complete. */
  default void onComplete(GenerationResult result) {}

  /** The generation has failed. */
  default void onError(Throwable error) {}
}
