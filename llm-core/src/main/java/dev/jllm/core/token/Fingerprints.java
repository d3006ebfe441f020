package dev.jllm.core.token;

import dev.jllm.gguf.GgufStrings;

/**
 * Tokens by 64-bit fingerprints of their texts, for loading alone: half a million merges are three
 * times as many look-ups, and comparing texts would cost most of them two more misses of the cache.
 * A fingerprint is a polynomial, so that of two texts together is had from theirs. Two texts of one
 * fingerprint (its high 44 bits or more are kept) would be taken for each other; for half a million
 * merges of a quarter million tokens the odds are below one to 10^6.
 */
final class Fingerprints {
  private static final long BASE = 0x9E3779B97F4A7C15L;

  /** Spreads a byte over 64 bits, since the polynomial alone would be weak in its low ones. */
  private static final long[] SPREAD = new long[256];

  static {
    for (int b = 0; b < 256; b++) {
      long h = (b + 1) * 0xBF58476D1CE4E5B9L;
      h = (h ^ h >>> 31) * 0x94D049BB133111EBL;
      SPREAD[b] = h ^ h >>> 29;
    }
  }

  /** Each the high bits of a fingerprint and, in the low ones, the id plus 1; 0 where empty. */
  private final long[] entries;

  private final long idBits;
  private final int mask;
  private long[] powers = {1};

  /** Indexes {@code texts}; of equal ones the first is found. */
  Fingerprints(GgufStrings texts) {
    int capacity = Integer.highestOneBit(Math.max(8, texts.size() * 2 - 1)) << 1;
    entries = new long[capacity];
    mask = capacity - 1;
    idBits = mask;
    for (int id = 0; id < texts.size(); id++) {
      byte[] text = texts.bytes(id);
      long print = of(text, 0, text.length);
      int slot = slot(print);
      while (entries[slot] != 0 && differs(entries[slot], print)) {
        slot = (slot + 1) & mask;
      }
      if (entries[slot] == 0) {
        entries[slot] = print & ~idBits | id + 1;
      }
    }
  }

  private boolean differs(long entry, long print) {
    return ((entry ^ print) & ~idBits) != 0;
  }

  /** The fingerprint of a range; that of an empty one is 0, which is found nowhere. */
  static long of(byte[] text, int from, int to) {
    long print = 0;
    for (int i = from; i < to; i++) {
      print = print * BASE + SPREAD[text[i] & 255];
    }
    return print;
  }

  /** The fingerprint of two texts together, the second of {@code length} bytes. */
  long join(long left, long right, int length) {
    if (length >= powers.length) {
      powers = new long[2 * length];
      powers[0] = 1;
      for (int i = 1; i < powers.length; i++) {
        powers[i] = powers[i - 1] * BASE;
      }
    }
    return left * powers[length] + right;
  }

  private int slot(long print) {
    return (int) (print ^ print >>> 32) & mask;
  }

  /** The id of the text with this fingerprint, or -1. */
  int find(long print) {
    for (int slot = slot(print); entries[slot] != 0; slot = (slot + 1) & mask) {
      if (!differs(entries[slot], print)) {
        return (int) (entries[slot] & idBits) - 1;
      }
    }
    return -1;
  }
}
