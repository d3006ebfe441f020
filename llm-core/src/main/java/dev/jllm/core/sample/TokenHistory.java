package dev.jllm.core.sample;

/** The last tokens of a sequence, at most {@code limit}: a ring that grows to that size. */
final class TokenHistory {
  private final int limit;
  private int[] ring;
  private int first;
  private int size;

  TokenHistory(int limit) {
    this.limit = limit;
    ring = new int[Math.min(limit, 64)];
  }

  TokenHistory(TokenHistory other) {
    limit = other.limit;
    ring = other.ring.clone();
    first = other.first;
    size = other.size;
  }

  int size() {
    return size;
  }

  boolean full() {
    return size == limit;
  }

  /** The token {@code i} places before the last one. */
  int back(int i) {
    int at = first + size - 1 - i;
    return ring[at >= ring.length ? at - ring.length : at];
  }

  /** The oldest token. */
  int oldest() {
    return ring[first];
  }

  void add(int token) {
    if (size == limit) {
      ring[first] = token;
      first = first + 1 == ring.length ? 0 : first + 1;
      return;
    }
    if (size == ring.length) {
      int[] larger = new int[(int) Math.min(limit, 2L * size)];
      for (int i = 0; i < size; i++) {
        larger[i] = back(size - 1 - i);
      }
      ring = larger;
      first = 0;
    }
    int at = first + size;
    ring[at >= ring.length ? at - ring.length : at] = token;
    size++;
  }

  void clear() {
    first = 0;
    size = 0;
  }
}
