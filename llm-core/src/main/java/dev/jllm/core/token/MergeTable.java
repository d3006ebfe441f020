package dev.jllm.core.token;

import dev.jllm.gguf.GgufStrings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ranked merges of a byte pair encoding as a table from two pieces' ids to the rank and the id
 * of the merged piece. Pieces that occur in merges but are no tokens have ids from the vocabulary's
 * size on. Open addressing; an entry is two neighbouring longs, so that a look-up touches one line
 * of cache.
 */
final class MergeTable {
  private final int tokens;
  private final Map<String, Integer> extraIds = new HashMap<>();
  private final List<String> extras = new ArrayList<>();

  /** Pairs of left id, right id + 1 (0: empty) and of rank, result; 32 bits each. */
  private final long[] entries;

  private final int mask;

  /**
   * Reads merges {@code "LEFT RIGHT"}, ranked by their place in {@code merges}.
   *
   * @param texts the tokens' texts
   */
  MergeTable(GgufStrings merges, GgufStrings texts) {
    tokens = texts.size();
    int capacity = Integer.highestOneBit(Math.max(8, merges.size() * 3 / 2)) << 1;
    entries = new long[Math.multiplyExact(2, capacity)];
    mask = capacity - 1;
    Fingerprints prints = new Fingerprints(texts);
    for (int rank = 0; rank < merges.size(); rank++) {
      byte[] merge = merges.bytes(rank);
      int space = 1;
      while (space < merge.length && merge[space] != ' ') {
        space++;
      }
      if (space < merge.length) {
        add(merge, space, rank, prints);
      }
    }
  }

  private void add(byte[] merge, int space, int rank, Fingerprints prints) {
    int rightLength = merge.length - space - 1;
    long leftPrint = Fingerprints.of(merge, 0, space);
    long rightPrint = Fingerprints.of(merge, space + 1, merge.length);
    int left = prints.find(leftPrint);
    int right = prints.find(rightPrint);
    int result = prints.find(prints.join(leftPrint, rightPrint, rightLength));
    if (left < 0 || right < 0 || result < 0) {
      String leftText = new String(merge, 0, space, StandardCharsets.UTF_8);
      String rightText = new String(merge, space + 1, rightLength, StandardCharsets.UTF_8);
      left = left >= 0 ? left : extra(leftText);
      right = right >= 0 ? right : extra(rightText);
      result = result >= 0 ? result : extra(leftText + rightText);
    }
    long key = key(left, right);
    int slot = slot(key);
    while (entries[2 * slot] != 0) {
      if (entries[2 * slot] == key) {
        return; // a merge listed twice has its first rank
      }
      slot = (slot + 1) & mask;
    }
    entries[2 * slot] = key;
    entries[2 * slot + 1] = (long) rank << 32 | result;
  }

  private int extra(String piece) {
    Integer known = extraIds.get(piece);
    if (known == null) {
      known = tokens + extras.size();
      extraIds.put(piece, known);
      extras.add(piece);
    }
    return known;
  }

  /** The id of a piece that is no token but occurs in merges, or -1. */
  int findExtra(String piece) {
    Integer id = extraIds.get(piece);
    return id == null ? -1 : id;
  }

  /** The text of a piece that is no token. */
  String extra(int id) {
    return extras.get(id - tokens);
  }

  private static long key(int left, int right) {
    return (long) left << 32 | (right + 1);
  }

  private int slot(long key) {
    long h = key * 0x9E3779B97F4A7C15L;
    return (int) (h >>> 32 ^ h >>> 49) & mask;
  }

  /** Where the pair is in the table, or -1; ids below 0 are in no pair. */
  int find(int left, int right) {
    if ((left | right) < 0) {
      return -1;
    }
    long key = key(left, right);
    for (int slot = slot(key); entries[2 * slot] != 0; slot = (slot + 1) & mask) {
      if (entries[2 * slot] == key) {
        return slot;
      }
    }
    return -1;
  }

  int rank(int slot) {
    return (int) (entries[2 * slot + 1] >>> 32);
  }

  int result(int slot) {
    return (int) entries[2 * slot + 1];
  }
}
