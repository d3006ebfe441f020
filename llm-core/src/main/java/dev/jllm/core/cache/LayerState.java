package dev.jllm.core.cache;

/** What one layer remembers of one sequence. */
public interface LayerState {
  /**
   * Forgets all tokens from {@code length} on.
   *
   * @return whether that was possible; where not, nothing has changed
   */
  boolean canTruncate(int length);

  /** Forgets all tokens from {@code length} on; {@link #canTruncate} was true. */
  void truncate(int length);

  /** A state that goes its own way from here; memory is shared until one of the two writes. */
  LayerState fork();

  /** Bytes of memory, shared ones included. */
  long bytes();
}
