package dev.jllm.api;

/**
 * A tool that could not be run, or a conversation that called tools for more rounds than allowed.
 */
public final class ToolException extends LlmException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public ToolException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public ToolException(String message, Throwable cause) {
    super(message, cause);
  }
}
