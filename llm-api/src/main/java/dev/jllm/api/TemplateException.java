package dev.jllm.api;

/** A chat template that cannot be parsed or rendered: the message has line and column. */
public class TemplateException extends LlmException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public TemplateException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public TemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
