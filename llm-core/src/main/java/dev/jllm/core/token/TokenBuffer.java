package dev.jllm.core.token;

import java.util.Arrays;

/**
 * A growing list of tokens, each with the index of the source character after it. Ends never
 * decrease, so that the spans from one token's end to the next tile the source.
 */
public final class TokenBuffer {
  private int[] ids = new int[64];
  private int[] ends = new int[64];
  private int size;

  /** Appends one token that ends before source character {@code end}. */
  public void add(int id, int end) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ids[size] = id;
    ends[size++] = end;
  }

  /** Appends tokens whose ends are relative to {@code base}. */
  public void addAll(int[] moreIds, int[] moreEnds, int base) {
    int n = moreIds.length;
    if (size + n > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * size, size + n));
      ends = Arrays.copyOf(ends, ids.length);
    }
    for (int i = 0; i < n; i++) {
      ids[size] = moreIds[i];
      ends[size++] = base + moreEnds[i];
    }
  }

  /** How many tokens there are. */
  public int size() {
    return size;
  }

  /** The token at {@code index}. */
  public int id(int index) {
    return ids[index];
  }

  /** The source index after the token at {@code index}. */
  public int end(int index) {
    return ends[index];
  }

  /** Forgets the tokens from {@code newSize} on. */
  public void truncate(int newSize) {
    size = newSize;
  }

  /** Turns the order of the tokens from {@code from} on; their ends move with them. */
  public void reverse(int from) {
    for (int i = from, j = size - 1; i < j; i++, j--) {
      int id = ids[i];
      int end = ends[i];
      ids[i] = ids[j];
      ends[i] = ends[j];
      ids[j] = id;
      ends[j] = end;
    }
  }

  /** The tokens from {@code from} on. */
  public int[] ids(int from) {
    return Arrays.copyOfRange(ids, from, size);
  }

  /** The ends of the tokens from {@code from} on. */
  public int[] ends(int from) {
    return Arrays.copyOfRange(ends, from, size);
  }
}
