package dev.jllm.core.chat.jinja;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects text with its marks, up to a limit. */
final class TextBuilder {
  private final StringBuilder string = new StringBuilder();
  private final int limit;
  private boolean firstTrusted = true;
  private boolean lastTrusted = true;
  // Where the runs before the last one end.
  private int[] ends = new int[8];
  private int closed;

  TextBuilder(int limit) {
    this.limit = limit;
  }

  int units() {
    return string.length();
  }

  TextBuilder append(String s, boolean trusted) {
    return append(s, 0, s.length(), trusted);
  }

  TextBuilder append(Text text) {
    return append(text, 0, text.units());
  }

  /** Code units {@code from} to {@code to} of a text. */
  TextBuilder append(Text text, int from, int to) {
    int at = from;
    for (int run = 0; run < text.runs() && at < to; run++) {
      int end = Math.min(text.runEnd(run), to);
      if (end > at) {
        append(text.string(), at, end, text.runTrusted(run));
        at = end;
      }
    }
    return this;
  }

  private TextBuilder append(String s, int from, int to, boolean trusted) {
    if (from == to) {
      return this;
    }
    if (string.length() + (long) (to - from) > limit) {
      throw new JinjaException("The template builds a text of more than " + limit + " characters.");
    }
    if (string.length() == 0) {
      firstTrusted = trusted;
    } else if (trusted != lastTrusted) {
      if (closed == ends.length) {
        ends = Arrays.copyOf(ends, closed * 2);
      }
      ends[closed++] = string.length();
    }
    lastTrusted = trusted;
    string.append(s, from, to);
    return this;
  }

  Text build() {
    if (string.length() == 0) {
      return Text.EMPTY;
    }
    int @Nullable [] runs = null;
    if (closed > 0) {
      runs = Arrays.copyOf(ends, closed + 1);
      runs[closed] = string.length();
    }
    return new Text(string.toString(), firstTrusted, runs);
  }
}
