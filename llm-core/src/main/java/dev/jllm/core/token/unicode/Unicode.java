package dev.jllm.core.token.unicode;

import java.util.Arrays;

/**
 * Classes of code points, simple lowercase and canonical decomposition as of Unicode 15.1, the same
 * on every platform (a JDK's or a phone's own tables differ by version). Each table is read from a
 * resource of the same package when it is first asked for.
 */
public final class Unicode {
  /** General category L. */
  public static final int LETTER = 1;

  /** General category N. */
  public static final int NUMBER = 2;

  /** General category M. */
  public static final int MARK = 4;

  /** General category P. */
  public static final int PUNCTUATION = 8;

  /** General category S. */
  public static final int SYMBOL = 16;

  /** White_Space, whatever the category. */
  public static final int SPACE = 32;

  /** General categories Cc, Cf, Co and Cs where not white space. */
  public static final int CONTROL = 64;

  /** Resource: ranges of one class. */
  static final String CLASSES = "classes.txt";

  /** Resource: ranges of one distance to the simple lowercase. */
  static final String LOWERCASE = "lowercase.txt";

  /** Resource: ranges of one distance to the first code point of the decomposition; no Hangul. */
  static final String DECOMPOSITION = "decomposition.txt";

  private static final int HANGUL_FIRST = 0xAC00;
  private static final int HANGUL_LAST = 0xD7A3;
  private static final int HANGUL_PER_LEADING = 588;
  private static final int LEADING_JAMO = 0x1100;

  /** Code points in a page of the table of classes. */
  private static final int PAGE = 256;

  private static final byte[][] PAGES = pages();

  private Unicode() {}

  /** The class bit of a code point, 0 for one that is unassigned or beyond U+10FFFF. */
  public static int classOf(int codePoint) {
    int page = codePoint >>> 8;
    return page < PAGES.length ? PAGES[page][codePoint & PAGE - 1] : 0;
  }

  /** The simple lowercase mapping (one code point to one). */
  public static int lowercase(int codePoint) {
    return codePoint + Lowercase.DISTANCES.numberOf(codePoint);
  }

  /** The first code point of the full canonical decomposition (NFD). */
  public static int firstOfDecomposition(int codePoint) {
    if (codePoint >= HANGUL_FIRST && codePoint <= HANGUL_LAST) {
      return LEADING_JAMO + (codePoint - HANGUL_FIRST) / HANGUL_PER_LEADING;
    }
    return codePoint + Decomposition.DISTANCES.numberOf(codePoint);
  }

  /** Pages all of one class (ideographs, private use, nothing) are one array. */
  private static byte[][] pages() {
    byte[] empty = new byte[PAGE];
    byte[][] pages = new byte[0x110000 / PAGE][];
    Arrays.fill(pages, empty);
    RangeTable classes = new RangeTable(CLASSES);
    for (int i = 0; i < classes.size(); i++) {
      byte[] full = empty;
      int end = classes.last(i) + 1;
      int to;
      for (int from = classes.first(i); from < end; from = to) {
        int p = from / PAGE;
        to = Math.min(end, (p + 1) * PAGE);
        if (to - from == PAGE && full != empty) {
          pages[p] = full;
          continue;
        }
        if (pages[p] == empty) {
          pages[p] = new byte[PAGE];
        }
        Arrays.fill(pages[p], from - p * PAGE, to - p * PAGE, (byte) classes.number(i));
        if (to - from == PAGE) {
          full = pages[p];
        }
      }
    }
    return pages;
  }

  private static final class Lowercase {
    static final RangeTable DISTANCES = new RangeTable(LOWERCASE);
  }

  private static final class Decomposition {
    static final RangeTable DISTANCES = new RangeTable(DECOMPOSITION);
  }
}
