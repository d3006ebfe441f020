package dev.jllm.core.chat.parse;

import dev.jllm.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Turns a literal to JSON, character by character: JSON itself (kept as it was written), Python's
 * literals (single quotes, {@code True}, {@code None}), and literals with bare keys and strings
 * between marks. What comes out is JSON or the beginning of it.
 */
final class Literal {
  /** What {@link #accept} says of a character. */
  enum Step {
    /** Taken; the literal goes on. */
    MORE,
    /** Taken; the literal ends with it. */
    DONE,
    /** Not taken; the literal ended before it. */
    DONE_BEFORE,
    /** Not part of any literal. */
    WRONG
  }

  private enum State {
    VALUE,
    VALUE_OR_CLOSE,
    KEY,
    KEY_OR_CLOSE,
    BARE_KEY,
    COLON,
    AFTER,
    WORD,
    STRING,
    ESCAPE,
    HEX,
    MARK
  }

  private static final int MAX_DEPTH = 256;
  private static final int MAX_WORD = 400;

  private final String stringMark;
  private final boolean[] objects = new boolean[MAX_DEPTH];
  private final StringBuilder word = new StringBuilder();
  private State state = State.VALUE;
  private int depth;
  private boolean key;

  /** The closing quote, or 0 in a string between marks. */
  private char quote;

  /** Whether a string between marks is open. */
  private boolean open;

  private int matched;
  private char escape;
  private char first;

  Literal(String stringMark) {
    this.stringMark = stringMark;
  }

  void reset() {
    state = State.VALUE;
    depth = 0;
    key = false;
    open = false;
    first = 0;
    word.setLength(0);
  }

  /** The first character that was no white space: it tells the kind of value; 0 before it came. */
  char first() {
    return first;
  }

  /** Whether a string is open whose text reached {@code out} up to here. */
  boolean inString() {
    return state == State.STRING || state == State.ESCAPE || state == State.HEX;
  }

  /** Takes one character and appends to {@code out} what is certain by now. */
  Step accept(char c, StringBuilder out) {
    if (first == 0 && !isSpace(c)) {
      first = c;
    }
    return switch (state) {
      case VALUE -> value(c, out);
      case VALUE_OR_CLOSE -> c == ']' ? close(c, out) : value(c, out);
      case KEY -> key(c, out);
      case KEY_OR_CLOSE -> c == '}' ? close(c, out) : key(c, out);
      case BARE_KEY -> bareKey(c, out);
      case COLON -> colon(c, out);
      case AFTER -> after(c, out);
      case WORD -> word(c, out);
      case STRING -> string(c, out);
      case ESCAPE -> escape(c, out);
      case HEX -> hex(c, out);
      case MARK -> mark(c, out);
    };
  }

  /** The text ends here: ends a number or word that nothing else would end. */
  boolean finish(StringBuilder out) {
    return depth == 0 && state == State.WORD && endWord(out);
  }

  private Step value(char c, StringBuilder out) {
    if (isSpace(c)) {
      out.append(c);
      return Step.MORE;
    }
    if (c == '{' || c == '[') {
      if (depth == MAX_DEPTH) {
        return Step.WRONG;
      }
      objects[depth++] = c == '{';
      out.append(c);
      state = c == '{' ? State.KEY_OR_CLOSE : State.VALUE_OR_CLOSE;
      return Step.MORE;
    }
    if (startsString(c, out)) {
      return Step.MORE;
    }
    if (isWord(c)) {
      word.append(c);
      state = State.WORD;
      return Step.MORE;
    }
    return Step.WRONG;
  }

  private boolean startsString(char c, StringBuilder out) {
    if (c == '"' || c == '\'') {
      quote = c;
      out.append('"');
      state = State.STRING;
      return true;
    }
    if (!stringMark.isEmpty() && c == stringMark.charAt(0)) {
      matched = 1;
      state = State.MARK;
      return true;
    }
    return false;
  }

  private Step key(char c, StringBuilder out) {
    if (isSpace(c)) {
      out.append(c);
      return Step.MORE;
    }
    key = true;
    if (startsString(c, out)) {
      return Step.MORE;
    }
    if (!stringMark.isEmpty() && c != ',' && c != '}' && c != ':') {
      word.append(c);
      state = State.BARE_KEY;
      return Step.MORE;
    }
    return Step.WRONG;
  }

  private Step bareKey(char c, StringBuilder out) {
    if (c != ':') {
      word.append(c);
      return word.length() > MAX_WORD || c == '}' || c == '{' ? Step.WRONG : Step.MORE;
    }
    Json.quote(word.toString().trim(), out);
    word.setLength(0);
    key = false;
    out.append(':');
    state = State.VALUE;
    return Step.MORE;
  }

  private Step colon(char c, StringBuilder out) {
    if (c != ':' && !isSpace(c)) {
      return Step.WRONG;
    }
    out.append(c);
    if (c == ':') {
      state = State.VALUE;
    }
    return Step.MORE;
  }

  private Step after(char c, StringBuilder out) {
    if (isSpace(c)) {
      out.append(c);
      return Step.MORE;
    }
    boolean object = objects[depth - 1];
    if (c == ',') {
      out.append(c);
      state = object ? State.KEY : State.VALUE;
      return Step.MORE;
    }
    return c == (object ? '}' : ']') ? close(c, out) : Step.WRONG;
  }

  private Step close(char c, StringBuilder out) {
    out.append(c);
    depth--;
    return ended();
  }

  private Step ended() {
    state = State.AFTER;
    return depth == 0 ? Step.DONE : Step.MORE;
  }

  private Step word(char c, StringBuilder out) {
    if (isWord(c)) {
      word.append(c);
      return word.length() > MAX_WORD ? Step.WRONG : Step.MORE;
    }
    if (!endWord(out)) {
      return Step.WRONG;
    }
    if (depth == 0) {
      return Step.DONE_BEFORE;
    }
    state = State.AFTER;
    return after(c, out);
  }

  private boolean endWord(StringBuilder out) {
    String text = word.toString();
    word.setLength(0);
    switch (text) {
      case "true", "True" -> out.append("true");
      case "false", "False" -> out.append("false");
      case "null", "None" -> out.append("null");
      default -> {
        if (!isNumber(text)) {
          return false;
        }
        out.append(text);
      }
    }
    return true;
  }

  /** RFC 8259's numbers. */
  private static boolean isNumber(String s) {
    int n = s.length();
    int i = s.startsWith("-") ? 1 : 0;
    int start = i;
    i = digits(s, i);
    if (i == start || i - start > 1 && s.charAt(start) == '0') {
      return false;
    }
    if (i < n && s.charAt(i) == '.') {
      int fraction = i + 1;
      i = digits(s, fraction);
      if (i == fraction) {
        return false;
      }
    }
    if (i < n && (s.charAt(i) | 0x20) == 'e') {
      i++;
      i += i < n && (s.charAt(i) == '+' || s.charAt(i) == '-') ? 1 : 0;
      int exponent = i;
      i = digits(s, exponent);
      if (i == exponent) {
        return false;
      }
    }
    return i == n;
  }

  private static int digits(String s, int from) {
    int i = from;
    while (i < s.length() && s.charAt(i) >= '0' && s.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private Step string(char c, StringBuilder out) {
    if (quote == 0) {
      if (c == stringMark.charAt(0)) {
        matched = 1;
        state = State.MARK;
      } else {
        Json.escape(c, out);
      }
    } else if (c == quote) {
      out.append('"');
      return endString();
    } else if (c == '\\') {
      state = State.ESCAPE;
    } else {
      Json.escape(c, out);
    }
    return Step.MORE;
  }

  private Step endString() {
    if (key) {
      key = false;
      state = State.COLON;
      return Step.MORE;
    }
    return ended();
  }

  private Step escape(char c, StringBuilder out) {
    state = State.STRING;
    switch (c) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> out.append('\\').append(c);
      case '\'' -> out.append('\'');
      case '\n' -> {
        // Python: the line goes on.
      }
      case 'a' -> out.append("\\u0007");
      case 'v' -> out.append("\\u000b");
      case '0' -> out.append("\\u0000");
      case 'u', 'x' -> {
        escape = c;
        state = State.HEX;
      }
      default -> {
        out.append("\\\\");
        Json.escape(c, out);
      }
    }
    return Step.MORE;
  }

  private Step hex(char c, StringBuilder out) {
    if (Character.digit(c, 16) < 0 || c > 'f') {
      return Step.WRONG;
    }
    word.append(c);
    if (word.length() == (escape == 'u' ? 4 : 2)) {
      out.append(escape == 'u' ? "\\u" : "\\u00").append(word);
      word.setLength(0);
      state = State.STRING;
    }
    return Step.MORE;
  }

  /** Within the mark that opens or closes a string. */
  private Step mark(char c, StringBuilder out) {
    boolean closing = quote == 0 && open;
    if (c == stringMark.charAt(matched)) {
      if (++matched < stringMark.length()) {
        return Step.MORE;
      }
      out.append('"');
      quote = 0;
      open = !closing;
      if (closing) {
        return endString();
      }
      state = State.STRING;
      return Step.MORE;
    }
    if (!closing) {
      return Step.WRONG;
    }
    for (int i = 0; i < matched; i++) {
      Json.escape(stringMark.charAt(i), out);
    }
    state = State.STRING;
    return string(c, out);
  }

  private static boolean isWord(char c) {
    return c >= '0' && c <= '9'
        || c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c == '-'
        || c == '+'
        || c == '.'
        || c == '_';
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  /** The whole text, white space around it aside, as JSON; null if it is not one literal. */
  static @Nullable String toJson(String text) {
    String trimmed = text.trim();
    Literal literal = new Literal("");
    StringBuilder out = new StringBuilder(trimmed.length() + 8);
    for (int i = 0; i < trimmed.length(); i++) {
      Step step = literal.accept(trimmed.charAt(i), out);
      if (step == Step.DONE) {
        return i == trimmed.length() - 1 ? out.toString() : null;
      }
      if (step != Step.MORE) {
        return null;
      }
    }
    return literal.finish(out) ? out.toString() : null;
  }
}
