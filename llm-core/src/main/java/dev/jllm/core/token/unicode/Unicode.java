package dev.jllm.core.token.unicode;

import java.util.Arrays;

/**
 * Classes of code points, simple lowercase and canonical decomposition as of Unicode 15.1, the same
 * on every platform (a JDK's or a phone's own tables differ by version).
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

  /** Added to a distance so that it is never negative in a table. */
  static final int DISTANCE_BIAS = 0x110000;

  private static final int HANGUL_FIRST = 0xAC00;
  private static final int HANGUL_LAST = 0xD7A3;
  private static final int HANGUL_PER_LEADING = 588;
  private static final int LEADING_JAMO = 0x1100;

  private static final byte[][] PAGES = pages();

  private Unicode() {}

  /** The class bit of a code point, 0 for one that is unassigned or beyond U+10FFFF. */
  public static int classOf(int codePoint) {
    int page = codePoint >>> 8;
    return page < PAGES.length ? PAGES[page][codePoint & 255] : 0;
  }

  /** The simple lowercase mapping (one code point to one). */
  public static int lowercase(int codePoint) {
    return Lowercase.MAP.of(codePoint);
  }

  /** The first code point of the full canonical decomposition (NFD). */
  public static int firstOfDecomposition(int codePoint) {
    if (codePoint >= HANGUL_FIRST && codePoint <= HANGUL_LAST) {
      return LEADING_JAMO + (codePoint - HANGUL_FIRST) / HANGUL_PER_LEADING;
    }
    return Decomposition.MAP.of(codePoint);
  }

  private static byte[][] pages() {
    byte[] all = new byte[0x110000];
    String runs = UnicodeTables.CLASS_RUNS;
    int at = 0;
    for (int i = 0; i < runs.length(); i += 2) {
      int end = at + runs.charAt(i);
      Arrays.fill(all, at, end, (byte) runs.charAt(i + 1));
      at = end;
    }
    byte[][] pages = new byte[all.length >> 8][];
    for (int p = 0; p < pages.length; p++) {
      byte[] page = Arrays.copyOfRange(all, p << 8, (p + 1) << 8);
      pages[p] = p > 0 && Arrays.equals(page, pages[p - 1]) ? pages[p - 1] : page;
    }
    return pages;
  }

  private static final class Lowercase {
    static final RunMap MAP = new RunMap(UnicodeTables.LOWERCASE_RUNS);
  }

  private static final class Decomposition {
    static final RunMap MAP = new RunMap(UnicodeTables.DECOMPOSED_RUNS);
  }

  /** A map of code points that is stored as runs of equal distance. */
  private static final class RunMap {
    private final int[] starts;
    private final int[] ends;
    private final int[] distances;

    RunMap(String table) {
      int n = table.length() / 5;
      starts = new int[n];
      ends = new int[n];
      distances = new int[n];
      for (int i = 0; i < n; i++) {
        starts[i] = table.charAt(5 * i) << 15 | table.charAt(5 * i + 1);
        ends[i] = starts[i] + table.charAt(5 * i + 2);
        distances[i] = (table.charAt(5 * i + 3) << 15 | table.charAt(5 * i + 4)) - DISTANCE_BIAS;
      }
    }

    int of(int codePoint) {
      int i = Arrays.binarySearch(starts, codePoint);
      if (i < 0) {
        i = -i - 2;
      }
      return i >= 0 && codePoint < ends[i] ? codePoint + distances[i] : codePoint;
    }
  }
}
