package dev.jllm.api;

/** A file that is no readable GGUF model: the message names the entry and the byte offset. */
public final class ModelFormatException extends LlmException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public ModelFormatException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
