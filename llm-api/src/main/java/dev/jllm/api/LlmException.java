package dev.jllm.api;

/**
 * The root of what this library throws beside {@link IllegalArgumentException} and {@link
 * IllegalStateException}. Messages say what was found, where, and what to do.
 */
public class LlmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public LlmException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public LlmException(String message, Throwable cause) {
    super(message, cause);
  }
}
