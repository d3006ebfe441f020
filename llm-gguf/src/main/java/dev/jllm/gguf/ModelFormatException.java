package dev.jllm.gguf;

/** A GGUF file that cannot be read: the message names the entry and the byte offset. */
public class ModelFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that says what was found, where, and what to do. */
  public ModelFormatException(String message) {
    super(message);
  }
}
