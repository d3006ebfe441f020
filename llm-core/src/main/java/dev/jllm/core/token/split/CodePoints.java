package dev.jllm.core.token.split;

import dev.jllm.core.token.unicode.Unicode;

/**
 * A text as code points with their classes, made for scanning. A lone surrogate counts as U+FFFD,
 * which is what any encoder to UTF-8 would make of it.
 */
public final class CodePoints {
  private static final int REPLACEMENT = 0xFFFD;

  private final int[] points;
  private final byte[] classes;
  private final int size;

  private CodePoints(int[] points, byte[] classes, int size) {
    this.points = points;
    this.classes = classes;
    this.size = size;
  }

  /** The code points of the characters from {@code from} to {@code to}. */
  public static CodePoints of(CharSequence text, int from, int to) {
    int[] points = new int[to - from];
    byte[] classes = new byte[to - from];
    int n = 0;
    for (int i = from; i < to; i++) {
      int c = text.charAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        if (c <= Character.MAX_HIGH_SURROGATE
            && i + 1 < to
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          c = Character.toCodePoint((char) c, text.charAt(++i));
        } else {
          c = REPLACEMENT;
        }
      }
      points[n] = c;
      classes[n++] = (byte) Unicode.classOf(c);
    }
    return new CodePoints(points, classes, n);
  }

  /** Puts {@code replacement} in the place of every {@code codePoint}. */
  public void replace(int codePoint, int replacement) {
    byte kind = (byte) Unicode.classOf(replacement);
    for (int i = 0; i < size; i++) {
      if (points[i] == codePoint) {
        points[i] = replacement;
        classes[i] = kind;
      }
    }
  }

  /** How many code points there are. */
  public int size() {
    return size;
  }

  /** The code point at {@code index}. */
  public int at(int index) {
    return points[index];
  }

  /** All code points; the array may be longer than {@link #size()}. */
  public int[] points() {
    return points;
  }

  /** Whether the code point at {@code index} is of one of the classes in {@code mask}. */
  public boolean is(int index, int mask) {
    return (classes[index] & mask) != 0;
  }

  /** The first index from {@code index} on, up to {@code to}, that is of no class in the mask. */
  int skip(int index, int to, int mask) {
    int i = index;
    while (i < to && (classes[i] & mask) != 0) {
      i++;
    }
    return i;
  }

  /** The first index from {@code index} on, up to {@code to}, that is of a class in the mask. */
  int skipNot(int index, int to, int mask) {
    int i = index;
    while (i < to && (classes[i] & mask) == 0) {
      i++;
    }
    return i;
  }
}
