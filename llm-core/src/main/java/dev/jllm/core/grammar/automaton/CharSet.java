package dev.jllm.core.grammar.automaton;

import java.util.Arrays;

/** An immutable set of Unicode code points, as sorted ranges with gaps between them. */
public final class CharSet {
  /** The largest code point. */
  public static final int MAX = 0x10FFFF;

  /** No code point. */
  public static final CharSet NONE = new CharSet(new int[0]);

  /** Every code point. */
  public static final CharSet ALL = new CharSet(new int[] {0, MAX});

  /** first0, last0, first1, last1 … both inclusive. */
  private final int[] bounds;

  private CharSet(int[] bounds) {
    this.bounds = bounds;
  }

  /** The single code point. */
  public static CharSet of(int codePoint) {
    return range(codePoint, codePoint);
  }

  /** All from {@code first} to {@code last}, both inclusive; none where first is greater. */
  public static CharSet range(int first, int last) {
    int end = Math.min(last, MAX);
    return first > end ? NONE : new CharSet(new int[] {Math.max(first, 0), end});
  }

  /** The code points of the text. */
  public static CharSet anyOf(String text) {
    return text.codePoints().mapToObj(CharSet::of).reduce(NONE, CharSet::union);
  }

  /** The number of ranges. */
  public int ranges() {
    return bounds.length / 2;
  }

  /** The first code point of range {@code i}. */
  public int first(int i) {
    return bounds[2 * i];
  }

  /** The last code point of range {@code i}, inclusive. */
  public int last(int i) {
    return bounds[2 * i + 1];
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  public boolean contains(int codePoint) {
    int at = Arrays.binarySearch(bounds, codePoint);
    return at >= 0 || (-at - 1) % 2 == 1;
  }

  public CharSet union(CharSet other) {
    if (isEmpty()) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    int[] out = new int[bounds.length + other.bounds.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < bounds.length || j < other.bounds.length) {
      boolean mine = j == other.bounds.length || i < bounds.length && bounds[i] <= other.bounds[j];
      int first = mine ? bounds[i] : other.bounds[j];
      int last = mine ? bounds[i + 1] : other.bounds[j + 1];
      if (mine) {
        i += 2;
      } else {
        j += 2;
      }
      if (n > 0 && first <= out[n - 1] + 1) {
        out[n - 1] = Math.max(out[n - 1], last);
      } else {
        out[n++] = first;
        out[n++] = last;
      }
    }
    return new CharSet(Arrays.copyOf(out, n));
  }

  /** All code points that are not in this set. */
  public CharSet complement() {
    int[] out = new int[bounds.length + 2];
    int n = 0;
    int next = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      if (bounds[i] > next) {
        out[n++] = next;
        out[n++] = bounds[i] - 1;
      }
      next = bounds[i + 1] + 1;
    }
    if (next <= MAX) {
      out[n++] = next;
      out[n++] = MAX;
    }
    return new CharSet(Arrays.copyOf(out, n));
  }

  public CharSet intersect(CharSet other) {
    return complement().union(other.complement()).complement();
  }

  public CharSet minus(CharSet other) {
    return intersect(other.complement());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof CharSet other && Arrays.equals(bounds, other.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < bounds.length; i += 2) {
      out.append(Integer.toHexString(bounds[i]));
      if (bounds[i + 1] > bounds[i]) {
        out.append('-').append(Integer.toHexString(bounds[i + 1]));
      }
      out.append(' ');
    }
    return out.append(']').toString();
  }
}
