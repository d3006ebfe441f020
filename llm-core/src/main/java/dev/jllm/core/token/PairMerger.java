package dev.jllm.core.token;

import java.util.Arrays;

/**
 * Merges neighbouring symbols, the best pair first and of equal ones the leftmost, until no pair
 * can be merged. A short word is scanned for its best pair again and again; a long one keeps a
 * heap, so that n symbols take O(n log n) steps whatever the text. Nothing is allocated per merge.
 *
 * <p>One merger serves one thread at a time; its arrays are reused from word to word.
 */
abstract class PairMerger {
  /** The priority of a pair that cannot be merged. */
  static final int NO_PAIR = Integer.MAX_VALUE;

  private static final int SCAN_LIMIT = 48;

  /** The symbols' ids; an absorbed symbol keeps its place in the arrays, but is linked no more. */
  int[] ids = new int[64];

  /** The source position after each symbol, in the unit of the caller. */
  int[] ends = new int[64];

  /** The following symbol, or -1. */
  int[] next = new int[64];

  private int[] previous = new int[64];
  private int[] priorities = new int[64];
  private int[] merged = new int[64];
  private final MergeQueue queue = new MergeQueue();

  /** Set by {@link #pair}: what the pair becomes. */
  int mergedId;

  /**
   * The priority of merging the symbols at {@code left} and {@code right} (less is sooner) with
   * {@link #mergedId} set, or {@link #NO_PAIR}.
   */
  abstract int pair(int left, int right);

  /** Makes room for {@code n} symbols. */
  final void reserve(int n) {
    if (n > ids.length) {
      int capacity = Math.max(n, ids.length * 2);
      ids = Arrays.copyOf(ids, capacity);
      ends = new int[capacity];
      next = new int[capacity];
      previous = new int[capacity];
      priorities = new int[capacity];
      merged = new int[capacity];
    }
  }

  /** Merges the first {@code n} symbols; what is left is found by {@link #next} from 0 on. */
  final void merge(int n) {
    for (int i = 0; i < n; i++) {
      next[i] = i + 1 < n ? i + 1 : -1;
      previous[i] = i - 1;
    }
    if (n < 2) {
      return;
    }
    for (int i = 0; i < n; i++) {
      look(i);
    }
    if (n <= SCAN_LIMIT) {
      mergeByScan();
    } else {
      mergeByQueue(n);
    }
  }

  /** Looks up the pair that begins at {@code left}. */
  private void look(int left) {
    int right = next[left];
    int priority = right < 0 ? NO_PAIR : pair(left, right);
    priorities[left] = priority;
    merged[left] = mergedId;
  }

  /** Merges the pair that begins at {@code left}; its end tells the new symbol's length. */
  private void absorb(int left) {
    int right = next[left];
    ids[left] = merged[left];
    ends[left] = ends[right];
    priorities[right] = NO_PAIR;
    next[left] = next[right];
    if (next[right] >= 0) {
      previous[next[right]] = left;
    }
  }

  private void mergeByScan() {
    while (true) {
      int best = -1;
      int priority = NO_PAIR;
      for (int i = 0; i >= 0; i = next[i]) {
        if (priorities[i] < priority) {
          priority = priorities[i];
          best = i;
        }
      }
      if (best < 0) {
        return;
      }
      absorb(best);
      look(best);
      if (previous[best] >= 0) {
        look(previous[best]);
      }
    }
  }

  private void mergeByQueue(int n) {
    queue.clear();
    for (int i = 0; i < n; i++) {
      push(i);
    }
    while (queue.advance()) {
      int left = queue.left();
      if (priorities[left] != queue.priority()) {
        continue; // one of the two has been merged with another since
      }
      absorb(left);
      look(left);
      int before = previous[left];
      if (before >= 0) {
        look(before);
        push(before);
      }
      push(left);
    }
  }

  private void push(int left) {
    if (priorities[left] != NO_PAIR) {
      queue.add(priorities[left], left);
    }
  }
}
