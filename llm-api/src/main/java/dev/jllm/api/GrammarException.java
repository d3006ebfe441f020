package dev.jllm.api;

/**
 * A grammar, regular expression or JSON schema that cannot be used: the message says where and why.
 */
public final class GrammarException extends LlmException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public GrammarException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public GrammarException(String message, Throwable cause) {
    super(message, cause);
  }
}
