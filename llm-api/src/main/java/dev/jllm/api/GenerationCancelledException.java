package dev.jllm.api;

/**
 * A generation that was cancelled, or whose model or session was closed, before it had a result.
 */
public final class GenerationCancelledException extends LlmException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public GenerationCancelledException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public GenerationCancelledException(String message, Throwable cause) {
    super(message, cause);
  }
}
