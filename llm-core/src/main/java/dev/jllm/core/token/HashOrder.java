package dev.jllm.core.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses among several tokens that could have one role. The engine that files are made for takes
 * the first it meets in a hash table; so that both choose the same token, the table's order is
 * worked out here as libstdc++ has it: nodes in one list, a new node at the front of its bucket or,
 * where the bucket is empty, at the front of the list; Murmur hashes (Appleby, MurmurHash64A).
 */
final class HashOrder {
  /** The numbers of buckets that the table has as it grows. */
  private static final int[] BUCKETS = {
    13, 29, 59, 127, 257, 541, 1109, 2357, 5087, 10273, 20753, 42043, 85229, 172933, 351061, 712697,
    1447153, 2938679, 5967347, 12117689,
  };

  private static final long MULTIPLIER = 0xC6A4A7935BD1E995L;
  private static final long SEED = 0xC70F6907L;

  /** In {@link #buckets}: the node before the bucket's first is the list's head. */
  private static final int HEAD = 0;

  private final long[] hashes;

  /** The node after each; nodes are ids plus 1, {@link #HEAD} is before all, 0 after all. */
  private final int[] next;

  /** The node before the first of each bucket plus 1, or 0 for an empty bucket. */
  private int[] buckets = new int[1];

  private HashOrder(int n) {
    hashes = new long[n + 1];
    next = new int[n + 1];
  }

  /** The id of the token among {@code candidates} that is met first, or -1. */
  static int first(String[] texts, PieceIndex index, List<String> candidates) {
    List<Integer> found = new ArrayList<>();
    for (String text : candidates) {
      int id = index.find(text);
      if (id >= 0) {
        found.add(id);
      }
    }
    if (found.size() < 2) {
      return found.isEmpty() ? -1 : found.get(0);
    }
    HashOrder order = new HashOrder(texts.length);
    order.insertAll(texts);
    for (int node = order.next[HEAD]; node != 0; node = order.next[node]) {
      if (found.contains(node - 1)) {
        return node - 1;
      }
    }
    return found.get(0);
  }

  private void insertAll(String[] texts) {
    int size = 0;
    for (int id = 0; id < texts.length; id++) {
      hashes[id + 1] = hash(texts[id].getBytes(StandardCharsets.UTF_8));
      if (id == 0 || id == buckets.length) {
        rehash(BUCKETS[size++]);
      }
      insert(id + 1);
    }
  }

  private int bucket(int node) {
    return (int) Long.remainderUnsigned(hashes[node], buckets.length);
  }

  private void insert(int node) {
    int bucket = bucket(node);
    if (buckets[bucket] != 0) {
      int before = buckets[bucket] - 1;
      next[node] = next[before];
      next[before] = node;
      return;
    }
    next[node] = next[HEAD];
    next[HEAD] = node;
    if (next[node] != 0) {
      buckets[bucket(next[node])] = node + 1;
    }
    buckets[bucket] = HEAD + 1;
  }

  private void rehash(int n) {
    buckets = new int[n];
    int node = next[HEAD];
    next[HEAD] = 0;
    while (node != 0) {
      int following = next[node];
      insert(node);
      node = following;
    }
  }

  static long hash(byte[] key) {
    long hash = SEED ^ key.length * MULTIPLIER;
    int aligned = key.length & ~7;
    for (int i = 0; i < aligned; i += 8) {
      hash = (hash ^ mix(load(key, i, 8) * MULTIPLIER) * MULTIPLIER) * MULTIPLIER;
    }
    if (aligned < key.length) {
      hash = (hash ^ load(key, aligned, key.length - aligned)) * MULTIPLIER;
    }
    return mix(mix(hash) * MULTIPLIER);
  }

  private static long mix(long v) {
    return v ^ v >>> 47;
  }

  private static long load(byte[] key, int at, int n) {
    long value = 0;
    for (int i = n - 1; i >= 0; i--) {
      value = value << 8 | key[at + i] & 255;
    }
    return value;
  }
}
