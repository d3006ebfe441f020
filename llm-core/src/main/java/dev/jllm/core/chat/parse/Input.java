package dev.jllm.core.chat.parse;

import java.util.List;

/** The text that came and was not used up yet. */
final class Input {
  /** Whether a mark stands at a place. */
  enum Match {
    YES,
    NO,
    /** The text ends within what may become the mark. */
    MAYBE
  }

  private final StringBuilder text = new StringBuilder();
  private boolean ended;

  /** Where reading goes on. */
  int at;

  /** Where text that waits for a decision begins, or -1. */
  int held = -1;

  void append(CharSequence more) {
    text.append(more);
  }

  /** No more text will come, so nothing may become anything. */
  void end() {
    ended = true;
  }

  boolean ended() {
    return ended;
  }

  int length() {
    return text.length();
  }

  boolean exhausted() {
    return at >= text.length();
  }

  char current() {
    return text.charAt(at);
  }

  char charAt(int index) {
    return text.charAt(index);
  }

  String substring(int from, int to) {
    return text.substring(from, to);
  }

  CharSequence subSequence(int from, int to) {
    return text.subSequence(from, to);
  }

  int indexOf(String mark, int from) {
    return text.indexOf(mark, from);
  }

  /** Forgets what was read and is not held, once that is worth while. */
  void compact() {
    int gone = held >= 0 ? held : at;
    if (gone < 4096 && gone < text.length()) {
      return;
    }
    text.delete(0, gone);
    at -= gone;
    held -= held >= 0 ? gone : 0;
  }

  void skipSpace() {
    at = spaceEnd(at);
  }

  int spaceEnd(int from) {
    int i = from;
    while (i < text.length() && Literal.isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  Match match(String mark) {
    return match(mark, at);
  }

  Match match(String mark, int from) {
    int n = Math.min(mark.length(), text.length() - from);
    for (int i = 0; i < n; i++) {
      if (text.charAt(from + i) != mark.charAt(i)) {
        return Match.NO;
      }
    }
    return n == mark.length() ? Match.YES : ended ? Match.NO : Match.MAYBE;
  }

  /** Whether any of the marks that are not empty stands at a place: YES before MAYBE before NO. */
  Match matchAny(List<String> marks, int from) {
    Match best = Match.NO;
    for (String mark : marks) {
      Match match = mark.isEmpty() ? Match.NO : match(mark, from);
      if (match == Match.YES) {
        return match;
      }
      if (match == Match.MAYBE) {
        best = match;
      }
    }
    return best;
  }
}
