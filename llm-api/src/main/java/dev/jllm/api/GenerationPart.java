package dev.jllm.api;

/**
 * A piece of a stream. Text pieces hold whole code points.
 *
 * @param kind what the text is
 * @param text the new text
 */
public record GenerationPart(Kind kind, String text) {
  /** What the text of a part is. */
  public enum Kind {
    /** A piece of the answer. */
    TEXT,
    /** A piece of what the model thinks before it answers. */
    REASONING,
    /** A whole tool call: the text is {@code {"name": …, "arguments": …}}. */
    TOOL_CALL,
    /** The result of a tool that the engine ran. */
    TOOL_RESULT
  }
}
