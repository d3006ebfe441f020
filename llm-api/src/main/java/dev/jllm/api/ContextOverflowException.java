package dev.jllm.api;

/** A prompt that does not fit the context: the message has both lengths. */
public final class ContextOverflowException extends LlmException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public ContextOverflowException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public ContextOverflowException(String message, Throwable cause) {
    super(message, cause);
  }
}
