package dev.jllm.core.engine;

import dev.jllm.api.Generation;
import dev.jllm.api.GenerationListener;
import dev.jllm.api.GenerationResult;
import java.util.concurrent.CompletableFuture;

/** A generation on a thread of its own, heard by a listener. */
final class SubmittedGeneration implements Generation {
  private final Interruption interruption;
  private final GenerationListener listener;
  private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();

  SubmittedGeneration(Interruption interruption, GenerationListener listener) {
    this.interruption = interruption;
    this.listener = listener;
    result.whenComplete(
        (value, error) -> {
          if (result.isCancelled()) {
            interruption.cancel();
          }
        });
  }

  void complete(GenerationResult value) {
    try {
      listener.onComplete(value);
      result.complete(value);
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  void fail(Throwable error) {
    try {
      listener.onError(error);
    } catch (Throwable e) {
      error.addSuppressed(e);
    }
    result.completeExceptionally(error);
  }

  @Override
  public void cancel() {
    interruption.cancel();
  }

  @Override
  public CompletableFuture<GenerationResult> result() {
    return result;
  }
}
