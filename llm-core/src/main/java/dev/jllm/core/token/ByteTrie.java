package dev.jllm.core.token;

import java.util.Arrays;

/**
 * A trie over bytes in flat arrays. The children of a node lie side by side, ascending by label.
 * About 9 bytes a node.
 */
final class ByteTrie {
  private static final int NO_VALUE = -1;

  private final int[] roots = new int[256];
  private int[] firstChild;
  private byte[] labels;
  private int[] values;
  private int size;

  /** A trie of {@code keys} with {@code values}; of equal keys the last counts. */
  ByteTrie(byte[][] keys, int[] values) {
    Integer[] sorted = new Integer[keys.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = i;
    }
    Arrays.sort(sorted, (a, b) -> compare(keys[a], keys[b]));
    firstChild = new int[keys.length * 2 + 1024];
    labels = new byte[firstChild.length];
    this.values = new int[firstChild.length];
    Arrays.fill(roots, -1);
    build(keys, values, sorted);
    firstChild[size] = size;
  }

  private static int compare(byte[] a, byte[] b) {
    int n = Math.min(a.length, b.length);
    for (int i = 0; i < n; i++) {
      if (a[i] != b[i]) {
        return (a[i] & 255) - (b[i] & 255);
      }
    }
    return a.length - b.length;
  }

  /** Breadth first: each queued range of keys shares the bytes up to its node. */
  private void build(byte[][] keys, int[] keyValues, Integer[] sorted) {
    int[] from = new int[firstChild.length];
    int[] to = new int[firstChild.length];
    int depth = 0;
    appendChildren(keys, sorted, 0, sorted.length, depth, from, to, true);
    int levelEnd = size;
    for (int node = 0; node < size; node++) {
      if (node == levelEnd) {
        levelEnd = size;
        depth++;
      }
      if (size + 257 > from.length) {
        from = Arrays.copyOf(from, size * 2 + 512);
        to = Arrays.copyOf(to, from.length);
      }
      int first = from[node];
      values[node] = NO_VALUE;
      while (first < to[node] && keys[sorted[first]].length == depth + 1) {
        values[node] = keyValues[sorted[first++]];
      }
      firstChild[node] = size;
      appendChildren(keys, sorted, first, to[node], depth + 1, from, to, false);
    }
  }

  private void appendChildren(
      byte[][] keys,
      Integer[] sorted,
      int first,
      int end,
      int depth,
      int[] from,
      int[] to,
      boolean root) {
    if (size + 257 > firstChild.length) {
      firstChild = Arrays.copyOf(firstChild, size * 2 + 512);
      labels = Arrays.copyOf(labels, firstChild.length);
      values = Arrays.copyOf(values, firstChild.length);
    }
    for (int i = first; i < end; ) {
      if (keys[sorted[i]].length <= depth) {
        i++; // an empty key
        continue;
      }
      byte label = keys[sorted[i]][depth];
      int start = i;
      while (i < end && keys[sorted[i]][depth] == label) {
        i++;
      }
      from[size] = start;
      to[size] = i;
      labels[size] = label;
      if (root) {
        roots[label & 255] = size;
      }
      size++;
    }
  }

  /** The node of a first byte, or -1. */
  int root(byte label) {
    return roots[label & 255];
  }

  /** The child of {@code node} for {@code label}, or -1. */
  int child(int node, byte label) {
    int low = firstChild[node];
    int high = firstChild[node + 1] - 1;
    int wanted = label & 255;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = labels[middle] & 255;
      if (found == wanted) {
        return middle;
      }
      if (found < wanted) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** The value at {@code node}, or -1. */
  int value(int node) {
    return values[node];
  }
}
