package dev.jllm.core.chat.parse;

import dev.jllm.core.chat.parse.OutputFormat.CallForm;
import dev.jllm.core.chat.parse.OutputFormat.CallSection;
import dev.jllm.core.chat.parse.OutputFormat.Reasoning;
import dev.jllm.core.chat.parse.OutputFormat.Tags;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a format off what a template writes, for families that the table does not know: marks are
 * what stands between the words of a {@link TemplateProbe}, and what two calls have in common tells
 * a call's marks from its section's.
 */
final class DerivedFormat {
  private DerivedFormat() {}

  /** The marks around thoughts, or null if the template shows none. */
  static @Nullable Reasoning reasoning(TemplateProbe probe) {
    TemplateProbe.Shown shown = probe.thoughtful();
    String text = shown == null ? "" : shown.prompt() + shown.text();
    int at = text.indexOf(TemplateProbe.THOUGHT);
    int answer = text.indexOf(TemplateProbe.CONTENT);
    if (at < 0 || answer < at) {
      return null;
    }
    String begin = lastMark(text.substring(0, at));
    String end = firstMark(text.substring(at + TemplateProbe.THOUGHT.length(), answer));
    return begin.isEmpty() || end.isEmpty() ? null : new Reasoning(begin, end, false);
  }

  /** The mark that ends a text, white space aside: {@code <…>} or {@code […]}; or empty. */
  private static String lastMark(String text) {
    String trimmed = text.trim();
    if (trimmed.endsWith(">") || trimmed.endsWith("]")) {
      char open = trimmed.endsWith(">") ? '<' : '[';
      int start = trimmed.lastIndexOf(open);
      while (start > 0 && trimmed.charAt(start - 1) == open) {
        start--;
      }
      return start < 0 ? "" : trimmed.substring(start);
    }
    return "";
  }

  private static String firstMark(String text) {
    String trimmed = text.trim();
    int end =
        trimmed.startsWith("<")
            ? trimmed.indexOf('>')
            : trimmed.startsWith("[") ? trimmed.indexOf(']') : -1;
    if (end < 0) {
      return "";
    }
    while (end + 1 < trimmed.length() && trimmed.charAt(end + 1) == trimmed.charAt(end)) {
      end++;
    }
    return trimmed.substring(0, end + 1);
  }

  /**
   * Where calls stand, or null if the template shows none, or none that can be told apart.
   *
   * @param known the other marks of the format, which may stand before a call
   */
  static @Nullable CallSection section(TemplateProbe probe, OutputFormat known) {
    TemplateProbe.Shown single = probe.calls(1);
    TemplateProbe.Shown pair = probe.calls(2);
    if (single == null) {
      return null;
    }
    String one = single.text();
    @Nullable String two = pair == null ? null : pair.text();
    int name = one.indexOf(TemplateProbe.TOOL);
    String lead = behindMarks(one.substring(0, name), known);
    String toKey = between(one, TemplateProbe.TOOL, TemplateProbe.FIRST);
    String toSecond = between(one, TemplateProbe.ONE, TemplateProbe.SECOND);
    String toValue = between(one, TemplateProbe.FIRST, TemplateProbe.ONE);
    if (toKey == null || toSecond == null || toValue == null) {
      return null;
    }
    int last = one.lastIndexOf(TemplateProbe.TWO);
    String tail = last < 0 ? "" : one.substring(last + TemplateProbe.TWO.length());
    boolean json = toKey.trim().endsWith("\"") && toKey.contains("{");
    if (json && lead.contains("{")) {
      String begin = head(lead);
      String end = afterBrackets(tail);
      return begin.isEmpty()
          ? new CallSection(
              "{", "", List.of(CallForm.json("", "")), CallSection.BARE | CallSection.OFFERED_ONLY)
          : new CallSection(begin, end, List.of(CallForm.json("", "")), 0);
    }
    if (toKey.trim().equals("(")) {
      String begin = head(lead);
      String close = tail.substring(Math.min(tail.length(), tail.indexOf(')') + 1));
      return begin.isEmpty()
          ? null
          : new CallSection(begin, afterBrackets(close), List.of(CallForm.python()), 0);
    }
    return named(lead, two, tail, toKey, toValue, toSecond, json);
  }

  private static String behindMarks(String text, OutputFormat known) {
    int from = 0;
    for (Reasoning pair : known.reasoning()) {
      int at = text.lastIndexOf(pair.end());
      from = at < 0 ? from : Math.max(from, at + pair.end().length());
    }
    for (String mark : known.hidden()) {
      int at = text.lastIndexOf(mark);
      from = at < 0 ? from : Math.max(from, at + mark.length());
    }
    return text.substring(from);
  }

  private static @Nullable CallSection named(
      String lead,
      @Nullable String two,
      String tail,
      String toKey,
      String toValue,
      String toSecond,
      boolean json) {
    // What stands between the first call's end and the second's name ends with the call's begin.
    String join = two == null ? null : between(two, TemplateProbe.TWO, TemplateProbe.TOOL);
    int shared = join == null ? lead.length() : TemplateProbe.commonSuffix(lead, join);
    String callBegin = lead.substring(lead.length() - shared).trim();
    String sectionBegin = lead.substring(0, lead.length() - shared).trim();
    String callTail = join == null ? tail : join.substring(0, join.length() - shared);
    Tags tags = null;
    String nameEnd;
    if (json) {
      nameEnd = toKey.substring(0, toKey.indexOf('{')).trim();
      callTail = afterBrackets(callTail);
    } else {
      int keyBegin = TemplateProbe.commonSuffix(toKey, toSecond);
      String begin = toKey.substring(toKey.length() - keyBegin).trim();
      String valueEnd = toSecond.substring(0, toSecond.length() - keyBegin).trim();
      nameEnd = toKey.substring(0, toKey.length() - keyBegin).trim();
      if (begin.isEmpty() || valueEnd.isEmpty() || toValue.trim().isEmpty()) {
        return null;
      }
      tags = new Tags(begin, toValue.trim(), "", valueEnd, "", toValue.endsWith("\n"), "");
      callTail = callTail.trim();
      callTail = callTail.startsWith(valueEnd) ? callTail.substring(valueEnd.length()) : callTail;
    }
    String callEnd = callTail.trim();
    int sectionAt = callEnd.isEmpty() ? -1 : tail.lastIndexOf(callEnd);
    String sectionEnd = sectionAt < 0 ? "" : tail.substring(sectionAt + callEnd.length()).trim();
    if (callBegin.isEmpty() && sectionBegin.isEmpty()) {
      return null;
    }
    CallForm form =
        CallForm.named(
            callBegin, callEnd, nameEnd.isEmpty() ? new String[0] : new String[] {nameEnd});
    return new CallSection(
        sectionBegin,
        sectionEnd,
        List.of(tags == null ? form : form.with(tags)),
        sectionBegin.isEmpty() ? CallSection.CALLS_ALONE : 0);
  }

  /** What stands before the object or list that a text opens. */
  private static String head(String text) {
    int end = text.length();
    for (char c : new char[] {'{', '['}) {
      int at = text.indexOf(c);
      // A mark may itself begin with a bracket.
      if (at >= 0
          && (c == '{' || at + 1 < text.length() && !Character.isLetter(text.charAt(at + 1)))) {
        end = Math.min(end, at);
      }
    }
    return text.substring(0, end).trim();
  }

  /** What follows the quotes and brackets that close an object. */
  private static String afterBrackets(String text) {
    int i = 0;
    while (i < text.length() && "\"'}]) \n\t,".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return text.substring(i).trim();
  }

  private static @Nullable String between(String text, String from, String to) {
    int start = text.indexOf(from);
    int end = start < 0 ? -1 : text.indexOf(to, start + from.length());
    return end < 0 ? null : text.substring(start + from.length(), end);
  }
}
