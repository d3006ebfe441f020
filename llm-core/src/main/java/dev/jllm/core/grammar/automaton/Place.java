package dev.jllm.core.grammar.automaton;

import dev.jllm.api.GrammarException;

/** Errors with the place in the text where they are. */
public final class Place {
  private Place() {}

  /** An error at an offset of a text, told as line and column (both from 1). */
  public static GrammarException error(String text, int offset, String message) {
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
