package dev.jllm.core.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finding, splitting and replacing within a text. */
final class TextSearch {
  private TextSearch() {}

  /** The unit offsets of a method's start and end arguments; start may lie behind end. */
  static int[] range(Text t, @Nullable Object start, @Nullable Object end) {
    int from = index(start, t.length(), 0);
    int to = Math.min(index(end, t.length(), t.length()), t.length());
    if (from > t.length()) {
      return new int[] {1, 0};
    }
    int first = t.offset(from);
    int last = t.offset(to);
    return from > to ? new int[] {1, 0} : new int[] {first, last};
  }

  private static int index(@Nullable Object v, int length, int none) {
    if (v == null || v == None.NONE) {
      return none;
    }
    int i = Values.intArgument(v);
    return i < 0 ? Math.max(0, i + length) : i;
  }

  /** The code point index of {@code part} within the range, or -1. */
  static long find(
      Rendering r,
      Text t,
      Text part,
      @Nullable Object start,
      @Nullable Object end,
      boolean forward) {
    int[] range = range(t, start, end);
    if (range[0] > range[1]) {
      return -1;
    }
    r.step(1 + (t.units() >> 6));
    int at =
        forward
            ? t.string().indexOf(part.string(), range[0])
            : t.string().lastIndexOf(part.string(), range[1] - part.units());
    boolean within = at >= range[0] && at + part.units() <= range[1];
    return within ? t.index(at) : -1;
  }

  static long count(Rendering r, Text t, Text part, @Nullable Object start, @Nullable Object end) {
    int[] range = range(t, start, end);
    if (range[0] > range[1]) {
      return 0;
    }
    r.step(1 + (t.units() >> 4));
    if (part.isEmpty()) {
      return t.string().codePointCount(range[0], range[1]) + 1L;
    }
    long n = 0;
    for (int at = t.string().indexOf(part.string(), range[0]);
        at >= 0 && at + part.units() <= range[1];
        at = t.string().indexOf(part.string(), at + part.units())) {
      n++;
    }
    return n;
  }

  /**
   * {@code str.replace}; a negative count is all. What takes the place of untrusted text is
   * untrusted, so that nobody gets the template's own text by typing what it replaces.
   */
  static Text replace(Rendering r, Text t, Text old, Text with, int count) {
    Text distrusted = Text.untrusted(with.string());
    int left = count < 0 ? Integer.MAX_VALUE : count;
    TextBuilder b = r.builder();
    int at = 0;
    if (old.isEmpty()) {
      // Before every code point and at the end.
      while (left > 0 && at <= t.units()) {
        left--;
        b.append(t.allTrusted() ? with : distrusted);
        r.step();
        if (at == t.units()) {
          return r.build(b);
        }
        int next = t.string().offsetByCodePoints(at, 1);
        b.append(t, at, next);
        at = next;
      }
    } else {
      for (int hit = t.string().indexOf(old.string());
          hit >= 0 && left > 0;
          hit = t.string().indexOf(old.string(), at)) {
        boolean trusted = t.isTrusted(hit, hit + old.units());
        b.append(t, at, hit).append(trusted ? with : distrusted);
        r.step();
        at = hit + old.units();
        left--;
      }
      if (at == 0) {
        r.step(1 + (t.units() >> 6));
        return t;
      }
    }
    return r.build(b.append(t, at, t.units()));
  }

  static List<Object> split(Rendering r, Text t, String by, int most, boolean fromRight) {
    List<Object> parts = new ArrayList<>();
    String s = t.string();
    r.allocate(s.length());
    if (!fromRight) {
      int at = 0;
      for (int hit = s.indexOf(by); hit >= 0 && parts.size() < most; hit = s.indexOf(by, at)) {
        parts.add(t.units(at, hit));
        r.step();
        at = hit + by.length();
      }
      parts.add(t.units(at, s.length()));
      return parts;
    }
    int end = s.length();
    for (int hit = s.lastIndexOf(by);
        hit >= 0 && parts.size() < most;
        hit = hit == 0 ? -1 : s.lastIndexOf(by, end - by.length())) {
      parts.add(t.units(hit + by.length(), end));
      r.step();
      end = hit;
      if (end < by.length()) {
        break;
      }
    }
    parts.add(t.units(0, end));
    Collections.reverse(parts);
    return parts;
  }

  /** Splits at runs of white space; there are no empty parts. */
  static List<Object> words(Rendering r, Text t, int most, boolean fromRight) {
    List<Object> parts = new ArrayList<>();
    String s = t.string();
    r.allocate(s.length());
    if (!fromRight) {
      int at = skipSpace(s, 0);
      while (at < s.length() && parts.size() < most) {
        int end = at;
        while (end < s.length() && !Characters.isSpace(s.charAt(end))) {
          end++;
        }
        parts.add(t.units(at, end));
        r.step();
        at = skipSpace(s, end);
      }
      if (at < s.length()) {
        parts.add(t.units(at, s.length()));
      }
      return parts;
    }
    int end = skipSpaceBack(s, s.length());
    while (end > 0 && parts.size() < most) {
      int at = end;
      while (at > 0 && !Characters.isSpace(s.charAt(at - 1))) {
        at--;
      }
      parts.add(t.units(at, end));
      r.step();
      end = skipSpaceBack(s, at);
    }
    if (end > 0) {
      parts.add(t.units(0, end));
    }
    Collections.reverse(parts);
    return parts;
  }

  private static int skipSpace(String s, int from) {
    int at = from;
    while (at < s.length() && Characters.isSpace(s.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int skipSpaceBack(String s, int from) {
    int at = from;
    while (at > 0 && Characters.isSpace(s.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  /** {@code str.splitlines}. */
  static List<Object> lines(Rendering r, Text t, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    String s = t.string();
    r.allocate(s.length());
    int at = 0;
    for (int i = 0; i < s.length(); i++) {
      if (!Characters.isLineEnd(s.charAt(i))) {
        continue;
      }
      int end = i;
      if (s.charAt(i) == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n') {
        i++;
      }
      lines.add(t.units(at, keepEnds ? i + 1 : end));
      r.step();
      at = i + 1;
    }
    if (at < s.length()) {
      lines.add(t.units(at, s.length()));
    }
    return lines;
  }
}
