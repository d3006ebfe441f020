package dev.jllm.api;

import java.util.concurrent.CompletableFuture;

/** A generation under way. */
public interface Generation {
  /** Stops it at the next token; the result then holds what was written so far. */
  void cancel();

  /**
   * Completes with the result, or exceptionally with the {@link LlmException} that ended it.
   * Cancelling this future cancels the generation.
   */
  CompletableFuture<GenerationResult> result();
}
