package dev.jllm.core.json;

/** The text is not JSON; the message says what was found at which offset. */
public final class JsonException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The text is not JSON. */
  public JsonException(String message) {
    super(message);
  }
}
