package dev.jllm.core.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code textwrap.wrap}, line by line. */
final class WordWrap {
  private WordWrap() {}

  static Object wrap(Rendering r, Object value, @Nullable Object[] a) {
    int width = a[0] == null ? 79 : Values.intArgument(a[0]);
    boolean breakLong = a[1] == null || Values.truth(a[1]);
    Text with =
        a[2] == null || a[2] == None.NONE ? Text.trusted("\n") : Values.text(a[2], "wrapstring");
    boolean hyphens = a[3] == null || Values.truth(a[3]);
    if (value instanceof Undefined u) {
      throw u.fail();
    }
    Text text = Values.text(value, "the text to wrap");
    TextBuilder b = r.builder();
    List<Object> lines = TextSearch.lines(r, text, false);
    for (int i = 0; i < lines.size(); i++) {
      if (i > 0) {
        b.append(with);
      }
      List<Text> wrapped = line(r, (Text) lines.get(i), width, breakLong, hyphens);
      for (int j = 0; j < wrapped.size(); j++) {
        if (j > 0) {
          b.append(with);
        }
        b.append(wrapped.get(j));
      }
    }
    return r.build(b);
  }

  private static List<Text> line(
      Rendering r, Text line, int width, boolean breakLong, boolean hyphens) {
    if (width <= 0) {
      throw new JinjaException("invalid width " + width + " (must be > 0)");
    }
    Deque<Text> chunks = new ArrayDeque<>(chunks(line, hyphens));
    List<Text> lines = new ArrayList<>();
    while (!chunks.isEmpty()) {
      r.step();
      List<Text> current = new ArrayList<>();
      int length = 0;
      if (!lines.isEmpty() && isBlank(chunks.element())) {
        chunks.remove();
      }
      while (!chunks.isEmpty() && length + chunks.element().length() <= width) {
        Text chunk = chunks.remove();
        current.add(chunk);
        length += chunk.length();
      }
      if (!chunks.isEmpty() && chunks.element().length() > width) {
        breakLong(chunks, current, width - length, width, breakLong, hyphens);
      }
      if (!current.isEmpty() && isBlank(current.get(current.size() - 1))) {
        current.remove(current.size() - 1);
      }
      if (!current.isEmpty()) {
        TextBuilder b = r.builder();
        current.forEach(b::append);
        lines.add(r.build(b));
      }
    }
    return lines;
  }

  private static void breakLong(
      Deque<Text> chunks,
      List<Text> current,
      int room,
      int width,
      boolean breakLong,
      boolean hyphens) {
    int space = width < 1 ? 1 : room;
    if (!breakLong) {
      if (current.isEmpty()) {
        current.add(chunks.remove());
      }
      return;
    }
    Text chunk = chunks.remove();
    int end = space;
    if (hyphens && chunk.length() > space && space > 0) {
      int hyphen = chunk.string().lastIndexOf('-', chunk.offset(space) - 1);
      int at = hyphen < 0 ? -1 : chunk.index(hyphen);
      if (at > 0 && chunk.string().substring(0, hyphen).chars().anyMatch(c -> c != '-')) {
        end = at + 1;
      }
    }
    int cut = chunk.offset(Math.max(end, 0));
    if (cut > 0) {
      current.add(chunk.units(0, cut));
    }
    chunks.push(chunk.units(cut, chunk.units()));
  }

  private static boolean isBlank(Text t) {
    return TextMethods.strip(t, None.NONE, true, true).isEmpty();
  }

  private static boolean isBlankChar(char c) {
    return "\t\n\u000b\u000c\r ".indexOf(c) >= 0;
  }

  /** Words and blanks in turn; a word may be cut after a hyphen between letters. */
  private static List<Text> chunks(Text line, boolean hyphens) {
    List<Text> chunks = new ArrayList<>();
    String s = line.string();
    int at = 0;
    while (at < s.length()) {
      int end = at + 1;
      if (isBlankChar(s.charAt(at))) {
        while (end < s.length() && isBlankChar(s.charAt(end))) {
          end++;
        }
      } else {
        while (end < s.length()
            && !isBlankChar(s.charAt(end))
            && !(hyphens && isBreak(s, at, end))) {
          end++;
        }
      }
      chunks.add(line.units(at, end));
      at = end;
    }
    return chunks;
  }

  /** Whether a word that began at {@code start} may be cut before {@code at}. */
  private static boolean isBreak(String s, int start, int at) {
    if (s.charAt(at - 1) == '-' && at - start >= 3) {
      boolean before =
          isLetter(s.charAt(at - 2)) && (isLetter(s.charAt(at - 3)) || s.charAt(at - 3) == '-');
      boolean after =
          at + 1 < s.length()
              && isLetter(s.charAt(at))
              && (isLetter(s.charAt(at + 1)) || s.charAt(at + 1) == '-');
      return before && after;
    }
    // Around a dash of two or more hyphens.
    int dash = at;
    while (dash < s.length() && s.charAt(dash) == '-') {
      dash++;
    }
    boolean dashAhead = dash - at >= 2 && dash < s.length() && Characters.isWord(s.charAt(dash));
    if (dashAhead && isDashBefore(s.charAt(at - 1)) && s.charAt(at - 1) != '-') {
      return true;
    }
    return s.charAt(at) != '-'
        && Characters.isWord(s.charAt(at))
        && at - start >= 2
        && s.charAt(at - 1) == '-'
        && s.charAt(at - 2) == '-'
        && s.substring(start, at).chars().allMatch(c -> c == '-');
  }

  private static boolean isDashBefore(char c) {
    return Characters.isWord(c) || "!\"'&.,?".indexOf(c) >= 0;
  }

  private static boolean isLetter(char c) {
    return Characters.isWord(c) && !(c >= '0' && c <= '9');
  }
}
