package dev.jllm.core.grammar.automaton;

import java.util.Arrays;

/** A set of non-negative longs that is cleared without giving up its memory. */
final class LongSet {
  private static final long FREE = -1;

  private long[] table = new long[64];
  private int size;

  LongSet() {
    Arrays.fill(table, FREE);
  }

  boolean add(long value) {
    if (size * 2 >= table.length) {
      long[] old = table;
      table = new long[old.length * 2];
      Arrays.fill(table, FREE);
      for (long v : old) {
        if (v != FREE) {
          table[slot(v)] = v;
        }
      }
    }
    int slot = slot(value);
    if (table[slot] == value) {
      return false;
    }
    table[slot] = value;
    size++;
    return true;
  }

  private int slot(long value) {
    int mask = table.length - 1;
    long mixed = value * 0x9E3779B97F4A7C15L;
    int at = (int) (mixed >>> 32) & mask;
    while (table[at] != FREE && table[at] != value) {
      at = at + 1 & mask;
    }
    return at;
  }

  void clear() {
    if (size > 0) {
      if (table.length > 1 << 16) {
        table = new long[64];
      }
      Arrays.fill(table, FREE);
      size = 0;
    }
  }
}
