package dev.jllm.core.grammar;

/**
 * A grammar, regular expression or JSON Schema that cannot be used; the message says what was
 * found, where, and what to do.
 */
public final class GrammarException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** A grammar that cannot be used, for the reason given. */
  public GrammarException(String message) {
    super(message);
  }

  /** An error at an offset of a text, told as line and column (both from 1). */
  public static GrammarException at(String text, int offset, String message) {
    int line = 1;
    int start = 0;
    int end = Math.min(offset, text.length());
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        start = i + 1;
      }
    }
    int column = text.codePointCount(start, end) + 1;
    return new GrammarException(message + " at line " + line + ", column " + column);
  }
}
