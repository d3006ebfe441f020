package dev.jllm.core.block;

import java.util.Arrays;

/**
 * Which tokens of its sequence each token of a batch sees: one bit for each index, for each row and
 * each group of heads that chooses by itself.
 */
final class TokenChoice {
  private long[] bits = new long[0];
  private int words;
  private int groups = 1;

  /** Makes room for {@code rows} rows over {@code length} tokens; nothing is chosen. */
  void clear(int rows, int groupCount, int length) {
    words = (length + 63) / 64;
    groups = groupCount;
    int n = rows * groups * words;
    if (bits.length < n) {
      bits = new long[n];
    } else {
      Arrays.fill(bits, 0, n, 0);
    }
  }

  /** Chooses tokens {@code from} to {@code to}, excluded. */
  void choose(int row, int group, int from, int to) {
    for (int i = from; i < to; i++) {
      bits[(row * groups + group) * words + (i >>> 6)] |= 1L << i;
    }
  }

  /** Whether the key head {@code head} of {@code row} sees the token at {@code index}. */
  boolean sees(int row, int head, int index) {
    int group = groups == 1 ? 0 : head;
    return (bits[(row * groups + group) * words + (index >>> 6)] >>> index & 1) != 0;
  }
}
