package dev.jllm.core.chat.jinja;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A string that knows which of its characters the template wrote itself (trusted) and which came
 * from the variables (untrusted). Immutable; equality, order and hash look at the characters alone.
 *
 * <p>Runs of equal trust alternate; {@code ends[i]} is where run i ends, in UTF-16 code units, and
 * {@code trusted} is the trust of run 0. {@code ends == null} is a single run.
 */
public final class Text implements Comparable<Text> {
  static final Text EMPTY = new Text("", true, null);
  private static final Text EMPTY_MARKUP = new Text("", true, null, true);

  private final String string;
  private final boolean trusted;
  private final int @Nullable [] ends;
  // Python's Markup: text that is HTML already; what is added to it is escaped.
  private final boolean markup;
  private int codePoints = -1;

  private Text(String string, boolean trusted, int @Nullable [] ends, boolean markup) {
    this.string = string;
    this.trusted = trusted;
    this.ends = ends;
    this.markup = markup;
  }

  Text(String string, boolean trusted, int @Nullable [] ends) {
    this(string, trusted, ends, false);
  }

  boolean isMarkup() {
    return markup;
  }

  Text asMarkup() {
    return markup ? this : new Text(string, trusted, ends, true);
  }

  /** The same characters as an ordinary string. */
  Text plain() {
    return markup ? new Text(string, trusted, ends, false) : this;
  }

  private Text like(Text other) {
    return other.markup ? asMarkup() : this;
  }

  /** Text of the library or the template: special tokens in it are meant. */
  public static Text trusted(String string) {
    return new Text(string, true, null);
  }

  /** Text from outside: looks like a special token, but is not one. */
  public static Text untrusted(String string) {
    return new Text(string, false, null);
  }

  static Text of(String string, boolean trusted) {
    return new Text(string, trusted, null);
  }

  /** Number of runs of equal trust; an empty text has one. */
  int runs() {
    return ends == null ? 1 : ends.length;
  }

  int runEnd(int run) {
    return ends == null ? string.length() : ends[run];
  }

  boolean runTrusted(int run) {
    return trusted ^ ((run & 1) != 0);
  }

  /** Whether the code units {@code from} to {@code to}, at least one, are all trusted. */
  boolean isTrusted(int from, int to) {
    int run = run(from);
    return runTrusted(run) && to <= runEnd(run);
  }

  /** Whether every character is trusted. */
  boolean allTrusted() {
    return ends == null && (trusted || string.isEmpty());
  }

  String string() {
    return string;
  }

  /** Length in UTF-16 code units. */
  int units() {
    return string.length();
  }

  boolean isEmpty() {
    return string.isEmpty();
  }

  /** Length in code points: Python's {@code len}. */
  int length() {
    if (codePoints < 0) {
      codePoints = string.codePointCount(0, string.length());
    }
    return codePoints;
  }

  /** Where code point {@code index} starts, in code units. */
  int offset(int index) {
    return length() == string.length() ? index : string.offsetByCodePoints(0, index);
  }

  /** The code point index of a unit offset. */
  int index(int offset) {
    return length() == string.length() ? offset : string.codePointCount(0, offset);
  }

  /** Code units {@code from} (inclusive) to {@code to} (exclusive). */
  Text units(int from, int to) {
    if (from >= to) {
      return markup ? EMPTY_MARKUP : EMPTY;
    }
    if (from == 0 && to == string.length()) {
      return this;
    }
    String part = string.substring(from, to);
    if (ends == null) {
      return new Text(part, trusted, null, markup);
    }
    int first = run(from);
    int last = run(to - 1);
    if (first == last) {
      return new Text(part, runTrusted(first), null, markup);
    }
    int[] parts = new int[last - first + 1];
    for (int i = first; i < last; i++) {
      parts[i - first] = ends[i] - from;
    }
    parts[last - first] = to - from;
    return new Text(part, runTrusted(first), parts, markup);
  }

  private int run(int offset) {
    if (ends == null) {
      return 0;
    }
    int at = Arrays.binarySearch(ends, offset);
    return at >= 0 ? at + 1 : -at - 1;
  }

  /**
   * The text with {@code change} applied. Marks are kept where changing the runs one by one gives
   * the same characters; otherwise all of it is untrusted.
   */
  Text map(UnaryOperator<String> change) {
    return changed(change).like(this);
  }

  private Text changed(UnaryOperator<String> change) {
    String whole = change.apply(string);
    if (ends == null) {
      return new Text(whole, trusted, null);
    }
    int[] mapped = new int[ends.length];
    int from = 0;
    int length = 0;
    for (int i = 0; i < ends.length; i++) {
      String part = change.apply(string.substring(from, ends[i]));
      if (part.isEmpty() || !whole.startsWith(part, length)) {
        return new Text(whole, false, null);
      }
      length += part.length();
      mapped[i] = length;
      from = ends[i];
    }
    return length == whole.length() ? new Text(whole, trusted, mapped) : untrusted(whole);
  }

  @Override
  public int compareTo(Text other) {
    String a = string;
    String b = other.string;
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // By code point: surrogates come after every other unit.
        boolean high = Character.isSurrogate(x);
        return high == Character.isSurrogate(y) ? x - y : high ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Text t && string.equals(t.string);
  }

  @Override
  public int hashCode() {
    return string.hashCode();
  }

  @Override
  public String toString() {
    return string;
  }
}
