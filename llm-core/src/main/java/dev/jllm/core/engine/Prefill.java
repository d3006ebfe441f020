package dev.jllm.core.engine;

import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationCancelledException;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationTimeoutException;

/** Computes a prompt, chunk by chunk. */
record Prefill(TokenState state, GenerationRequest request, Interruption interruption, Sink sink) {
  /**
   * Computes the first {@code size} tokens of the state, as far as they are not.
   *
   * @param logits receives the logits after the last of them
   */
  void run(int size, float[] logits) {
    while (state.computed() < size) {
      FinishReason reason = interruption.reason();
      if (reason == FinishReason.CANCELLED) {
        throw new GenerationCancelledException(
            "cancelled after " + state.computed() + " of the prompt's " + size + " tokens");
      }
      if (reason == FinishReason.TIMEOUT) {
        throw new GenerationTimeoutException(
            "the timeout of "
                + request.timeout()
                + " passed after "
                + state.computed()
                + " of the prompt's "
                + size
                + " tokens; give more time or a shorter prompt");
      }
      state.compute(Math.min(size, state.computed() + Engine.CHUNK), logits);
      sink.promptProgress(state.computed(), size);
    }
  }
}
