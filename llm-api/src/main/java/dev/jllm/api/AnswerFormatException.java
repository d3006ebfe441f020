package dev.jllm.api;

/** An answer that is no value of the type asked for, most often because it was cut off. */
public final class AnswerFormatException extends LlmException {
  private static final long serialVersionUID = 1L;

  private final String text;

  /** Creates the exception for the answer {@code text}. */
  public AnswerFormatException(String message, String text) {
    super(message);
    this.text = text;
  }

  /** Creates the exception for the answer {@code text}, with its cause. */
  public AnswerFormatException(String message, String text, Throwable cause) {
    super(message, cause);
    this.text = text;
  }

  /** The answer. */
  public String text() {
    return text;
  }
}
