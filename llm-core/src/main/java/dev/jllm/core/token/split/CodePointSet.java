package dev.jllm.core.token.split;

import dev.jllm.core.token.unicode.Unicode;
import java.util.Arrays;

/**
 * A set of code points given by ranges. White space beyond ASCII is in no such set, whatever its
 * ranges say: patterns with explicit ranges see such a code point as a vertical tab.
 */
final class CodePointSet {
  private final int[] firsts;
  private final int[] lasts;

  private CodePointSet(int[] firsts, int[] lasts) {
    this.firsts = firsts;
    this.lasts = lasts;
  }

  /** Ranges in hexadecimal, as in {@code "41-5A 5F"}, in any order. */
  static CodePointSet of(String ranges) {
    String[] parts = ranges.trim().split(" +");
    long[] sorted = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      int dash = parts[i].indexOf('-');
      int first = Integer.parseInt(dash < 0 ? parts[i] : parts[i].substring(0, dash), 16);
      int last = dash < 0 ? first : Integer.parseInt(parts[i].substring(dash + 1), 16);
      sorted[i] = (long) first << 32 | last;
    }
    Arrays.sort(sorted);
    int[] firsts = new int[parts.length];
    int[] lasts = new int[parts.length];
    int reached = 0;
    for (int i = 0; i < parts.length; i++) {
      firsts[i] = (int) (sorted[i] >>> 32);
      reached = Math.max(reached, (int) sorted[i]);
      lasts[i] = reached;
    }
    return new CodePointSet(firsts, lasts);
  }

  boolean contains(CodePoints text, int at) {
    int c = text.at(at);
    int i = Arrays.binarySearch(firsts, c);
    if (i < 0) {
      i = -i - 2;
    }
    return i >= 0 && c <= lasts[i] && (c < 0x80 || !text.is(at, Unicode.SPACE));
  }

  /** The end of the run of members that starts at {@code at}. */
  int skip(CodePoints text, int at, int to) {
    int i = at;
    while (i < to && contains(text, i)) {
      i++;
    }
    return i;
  }

  /** One or more members. */
  Rule run() {
    return (text, at, to) -> Rules.some(at, skip(text, at, to));
  }

  /** {@code "\s?X+"}. */
  Rule anySpaceAndRun() {
    return (text, at, to) -> {
      int start = text.is(at, Unicode.SPACE) ? at + 1 : at;
      int end = skip(text, start, to);
      return end > start ? end : Rules.some(at, skip(text, at, to));
    };
  }

  /** {@code " ?[^\sX]+"}. */
  Rule spaceAndOthers() {
    return (text, at, to) -> {
      int start = text.at(at) == ' ' ? at + 1 : at;
      int end = start;
      while (end < to && !text.is(end, Unicode.SPACE) && !contains(text, end)) {
        end++;
      }
      return end > start ? end : Rule.NONE;
    };
  }
}
