package dev.jllm.api;

import java.util.Iterator;

/**
 * A generation that the caller pulls: {@code for (GenerationPart part : stream)}. The model writes
 * ahead of the reader by a bounded number of pieces. One thread reads; {@link #close()} and {@link
 * #cancel()} may be called from any.
 */
public interface GenerationStream
    extends Iterator<GenerationPart>, Iterable<GenerationPart>, AutoCloseable {
  /** This; a stream is read once. */
  @Override
  default Iterator<GenerationPart> iterator() {
    return this;
  }

  /**
   * The result. Reads the rest of the stream if there is any.
   *
   * @throws LlmException what ended the generation, if it failed
   */
  GenerationResult result();

  /** Stops the generation at the next token; the stream then ends with what was written. */
  void cancel();

  /** Cancels the generation if it still runs. Idempotent. */
  @Override
  void close();
}
