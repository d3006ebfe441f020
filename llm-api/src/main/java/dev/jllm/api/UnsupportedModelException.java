package dev.jllm.api;

/**
 * A readable model that this version cannot run: the message names the architecture, format or
 * option, and what is supported.
 */
public final class UnsupportedModelException extends LlmException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public UnsupportedModelException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public UnsupportedModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
