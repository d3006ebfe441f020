package dev.jllm.core.chat.jinja;

import dev.jllm.api.TemplateException;

/**
 * A template that cannot be compiled or rendered: what is wrong and, where known, in which place.
 */
public final class JinjaException extends TemplateException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int line;
  private final int column;
  private final boolean raised;

  private JinjaException(String message, String reason, int line, int column, boolean raised) {
    super(message);
    this.reason = reason;
    this.line = line;
    this.column = column;
    this.raised = raised;
  }

  JinjaException(String reason) {
    this(reason, reason, 0, 0, false);
  }

  /** What the template itself said with {@code raise_exception}; the message is exactly that. */
  static JinjaException raised(String message) {
    return new JinjaException(message, message, 0, 0, true);
  }

  /** The same error with its place, unless it has one already. */
  JinjaException at(int line, int column) {
    if (this.line > 0 || line <= 0) {
      return this;
    }
    String message = raised ? reason : reason + " (line " + line + ", column " + column + ")";
    JinjaException placed = new JinjaException(message, reason, line, column, raised);
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  /** The message without the place. */
  public String reason() {
    return reason;
  }

  /** The line in the template, counted from 1, or 0 where unknown. */
  public int line() {
    return line;
  }

  /** The column in code units, counted from 1, or 0 where unknown. */
  public int column() {
    return column;
  }

  /** Whether the template itself called {@code raise_exception}. */
  public boolean raisedByTemplate() {
    return raised;
  }
}
