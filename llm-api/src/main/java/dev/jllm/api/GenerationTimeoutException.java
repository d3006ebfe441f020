package dev.jllm.api;

/**
 * A generation that took longer than its {@link GenerationRequest#timeout()} to process the prompt.
 */
public final class GenerationTimeoutException extends LlmException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public GenerationTimeoutException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public GenerationTimeoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
