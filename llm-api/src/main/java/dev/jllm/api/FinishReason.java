package dev.jllm.api;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its text with an end-of-generation token. */
  END,
  /** A stop string of the request was written (it is not part of the text). */
  STOP,
  /** {@link GenerationRequest#maxNewTokens()} were written, or the context was full. */
  LENGTH,
  /** The model asked for tools, and the caller has to run them. */
  TOOL_CALLS,
  /** The output format was complete. */
  FORMAT_COMPLETE,
  /** The {@link GenerationRequest#timeout()} passed; the text so far is kept. */
  TIMEOUT,
  /** The caller cancelled; the text so far is kept. */
  CANCELLED
}
