package dev.jllm.core.token;

import java.util.Arrays;

/**
 * The order in which special tokens are looked for: the longest first. Where tokens of one length
 * overlap in a text it matters which of them goes first, and files are used with an engine that
 * leaves that to an unstable sort; so the same algorithm is followed here: introsort (Musser 1997)
 * with median of three, unguarded partition, and insertion sort for runs of up to 16, as in
 * libstdc++.
 */
final class SortOrder {
  private static final int SMALL = 16;

  private final int[] ids;
  private final int[] lengths;

  private SortOrder(int[] ids, int[] lengths) {
    this.ids = ids;
    this.lengths = lengths;
  }

  /** Sorts {@code ids} by {@code lengths[id]}, the longest first. */
  static int[] byLengthDescending(int[] ids, int[] lengths) {
    int[] sorted = ids.clone();
    int n = sorted.length;
    if (n > 0) {
      SortOrder order = new SortOrder(sorted, lengths);
      order.partition(0, n, 2 * (31 - Integer.numberOfLeadingZeros(n)));
      order.insert(n);
    }
    return sorted;
  }

  /** Whether the token {@code a} goes before {@code b}. */
  private boolean before(int a, int b) {
    return lengths[a] > lengths[b];
  }

  private void partition(int first, int end, int depth) {
    int last = end;
    for (int left = depth; last - first > SMALL; left--) {
      if (left == 0) {
        sortRange(first, last);
        return;
      }
      medianToFirst(first, first + 1, first + (last - first) / 2, last - 1);
      int cut = cut(first + 1, last, ids[first]);
      partition(cut, last, left - 1);
      last = cut;
    }
  }

  /** Reached only by input made to defeat the median of three. */
  private void sortRange(int first, int last) {
    long[] keys = new long[last - first];
    for (int i = first; i < last; i++) {
      keys[i - first] = (long) -lengths[ids[i]] << 32 | i - first;
    }
    int[] old = Arrays.copyOfRange(ids, first, last);
    Arrays.sort(keys);
    for (int i = first; i < last; i++) {
      ids[i] = old[(int) keys[i - first]];
    }
  }

  private void medianToFirst(int result, int a, int b, int c) {
    boolean ab = before(ids[a], ids[b]);
    boolean ac = before(ids[a], ids[c]);
    boolean bc = before(ids[b], ids[c]);
    int median = ab ? (bc ? b : ac ? c : a) : ac ? a : bc ? c : b;
    swap(result, median);
  }

  private int cut(int from, int to, int pivot) {
    int first = from;
    int last = to;
    while (true) {
      while (before(ids[first], pivot)) {
        first++;
      }
      last--;
      while (before(pivot, ids[last])) {
        last--;
      }
      if (first >= last) {
        return first;
      }
      swap(first, last);
      first++;
    }
  }

  /** The insertion sort that ends the algorithm; it keeps the order of equal neighbours. */
  private void insert(int n) {
    for (int i = 1; i < n; i++) {
      int id = ids[i];
      int at = i;
      while (at > 0 && before(id, ids[at - 1])) {
        ids[at] = ids[at - 1];
        at--;
      }
      ids[at] = id;
    }
  }

  private void swap(int a, int b) {
    int id = ids[a];
    ids[a] = ids[b];
    ids[b] = id;
  }
}
