package dev.jllm.core.token;

import java.util.Arrays;

/** The order in which special tokens are looked for. */
final class SortOrder {
  private SortOrder() {}

  /** Sorts {@code ids} by {@code lengths[id]}, the longest first. */
  static int[] byLengthDescending(int[] ids, int[] lengths) {
    Integer[] boxed = new Integer[ids.length];
    for (int i = 0; i < ids.length; i++) {
      boxed[i] = ids[i];
    }
    Arrays.sort(boxed, (a, b) -> lengths[b] - lengths[a]);
    int[] sorted = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      sorted[i] = boxed[i];
    }
    return sorted;
  }
}
