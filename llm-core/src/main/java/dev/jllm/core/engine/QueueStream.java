package dev.jllm.core.engine;

import dev.jllm.api.GenerationPart;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.GenerationStream;
import dev.jllm.api.LlmException;
import dev.jllm.api.ToolCall;
import dev.jllm.core.json.Json;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A stream over a bounded queue: the generation fills it, the reader empties it. A reader that
 * stays away holds the generation back; {@link #close} lets it go on to its end, which is then
 * near.
 */
final class QueueStream implements GenerationStream, Sink {
  /** Enough that the reader never slows the model down, little enough to stop it soon. */
  private static final int CAPACITY = 256;

  private final Interruption interruption;
  private final ArrayDeque<GenerationPart> queue = new ArrayDeque<>();
  private @Nullable GenerationResult result;
  private @Nullable Throwable failure;
  private boolean closed;

  QueueStream(Interruption interruption) {
    this.interruption = interruption;
    interruption.onCancel(this::wake);
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized void put(GenerationPart part) {
    while (queue.size() >= CAPACITY && !closed && interruption.reason() == null) {
      try {
        wait(Math.max(1, Math.min(60_000, interruption.nanosLeft() / 1_000_000)));
      } catch (InterruptedException e) {
        interruption.cancel();
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (!closed) {
      queue.add(part);
      notifyAll();
    }
  }

  @Override
  public void text(String piece) {
    put(new GenerationPart(GenerationPart.Kind.TEXT, piece));
  }

  @Override
  public void reasoning(String piece) {
    put(new GenerationPart(GenerationPart.Kind.REASONING, piece));
  }

  @Override
  public void toolCall(ToolCall call) {
    StringBuilder json = new StringBuilder("{\"name\":");
    json.append(Json.write(call.name())).append(",\"arguments\":").append(call.arguments());
    put(new GenerationPart(GenerationPart.Kind.TOOL_CALL, json.append('}').toString()));
  }

  @Override
  public void toolResult(ToolCall call, String text) {
    put(new GenerationPart(GenerationPart.Kind.TOOL_RESULT, text));
  }

  synchronized void complete(GenerationResult value) {
    result = value;
    notifyAll();
  }

  synchronized void fail(Throwable error) {
    failure = error;
    notifyAll();
  }

  @Override
  public synchronized boolean hasNext() {
    while (queue.isEmpty() && result == null && failure == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        close();
        return false;
      }
    }
    if (queue.isEmpty() && failure != null) {
      throw asUnchecked(failure);
    }
    return !queue.isEmpty();
  }

  @Override
  public synchronized GenerationPart next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the stream has ended");
    }
    GenerationPart part = queue.remove();
    notifyAll();
    return part;
  }

  @Override
  public synchronized GenerationResult result() {
    while (result == null && failure == null) {
      queue.clear();
      notifyAll();
      try {
        wait();
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new LlmException("interrupted while waiting for the result of a stream", e);
      }
    }
    if (result == null) {
      throw asUnchecked(failure);
    }
    return result;
  }

  @Override
  public void cancel() {
    interruption.cancel();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      queue.clear();
      notifyAll();
    }
    interruption.cancel();
  }

  static RuntimeException asUnchecked(@Nullable Throwable error) {
    if (error instanceof RuntimeException e) {
      return e;
    }
    if (error instanceof Error e) {
      throw e;
    }
    return new LlmException("the generation failed: " + error, error);
  }
}
