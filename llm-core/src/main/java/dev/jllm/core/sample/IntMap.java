package dev.jllm.core.sample;

import java.util.Arrays;

/**
 * A map from token ids to positive ints without boxes: open addressing, linear probing. 0 stands
 * for absence.
 */
final class IntMap {
  /** id + 1, or 0 for a free place. */
  private int[] keys = new int[64];

  private int[] values = new int[64];
  private int used;

  IntMap() {}

  IntMap(IntMap other) {
    keys = other.keys.clone();
    values = other.values.clone();
    used = other.used;
  }

  int get(int id) {
    return values[slot(id)];
  }

  void put(int id, int value) {
    int s = slot(id);
    if (keys[s] == 0) {
      if (value == 0) {
        return;
      }
      if (2 * ++used > keys.length) {
        rehash();
        s = slot(id);
        used++;
      }
      keys[s] = id + 1;
    }
    values[s] = value;
  }

  void add(int id, int amount) {
    put(id, get(id) + amount);
  }

  void clear() {
    if (used > 0) {
      Arrays.fill(keys, 0);
      Arrays.fill(values, 0);
      used = 0;
    }
  }

  boolean isEmpty() {
    return used == 0;
  }

  /** How many places there are to iterate over by {@link #idAt} and {@link #valueAt}. */
  int places() {
    return keys.length;
  }

  /** The id at place {@code s}, which counts only if {@link #valueAt} is not 0. */
  int idAt(int s) {
    return keys[s] - 1;
  }

  int valueAt(int s) {
    return values[s];
  }

  private int slot(int id) {
    int mask = keys.length - 1;
    int s = (id * 0x9E3779B9) >>> 7 & mask;
    while (keys[s] != 0 && keys[s] != id + 1) {
      s = s + 1 & mask;
    }
    return s;
  }

  /** Leaves out what has become 0, and doubles if that does not help. */
  private void rehash() {
    int live = 0;
    for (int v : values) {
      live += v != 0 ? 1 : 0;
    }
    int[] oldKeys = keys;
    int[] oldValues = values;
    int length = 4 * (live + 1) > keys.length ? 2 * keys.length : keys.length;
    keys = new int[length];
    values = new int[length];
    used = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != 0) {
        int s = slot(oldKeys[i] - 1);
        keys[s] = oldKeys[i];
        values[s] = oldValues[i];
        used++;
      }
    }
  }
}
