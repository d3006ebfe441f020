package dev.jllm.core.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ranked merges of a byte pair encoding as a table from two pieces' ids to the rank and the id
 * of the merged piece. Pieces that occur in merges but are no tokens have ids from the vocabulary's
 * size on.
 */
final class MergeTable {
  private final PieceIndex index;
  private final int tokens;
  private final Map<String, Integer> extraIds = new HashMap<>();
  private final List<String> extras = new ArrayList<>();
  private final long[] keys;
  private final int[] ranks;
  private final int[] results;
  private final int mask;

  /** Reads merges {@code "LEFT RIGHT"}, ranked by their place in {@code merges}. */
  MergeTable(List<String> merges, PieceIndex index, int tokens) {
    this.index = index;
    this.tokens = tokens;
    int capacity = Integer.highestOneBit(Math.max(8, merges.size() * 3 / 2)) << 1;
    keys = new long[capacity];
    ranks = new int[capacity];
    results = new int[capacity];
    mask = capacity - 1;
    for (int rank = 0; rank < merges.size(); rank++) {
      String merge = merges.get(rank);
      int space = merge.indexOf(' ', 1);
      if (space > 0) {
        add(merge, space, rank);
      }
    }
  }

  private void add(String merge, int space, int rank) {
    int end = merge.length();
    int left = id(merge, 0, space, 0, space);
    int right = id(merge, space + 1, end, 0, end);
    long key = key(left, right);
    int slot = slot(key);
    while (keys[slot] != 0) {
      if (keys[slot] == key) {
        return; // a merge listed twice has its first rank
      }
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    ranks[slot] = rank;
    results[slot] = id(merge, 0, space, 1, end);
  }

  private int id(String text, int from, int middle, int skip, int end) {
    int id = index.find(text, from, middle, skip, end);
    if (id >= 0) {
      return id;
    }
    String piece = text.substring(from, middle) + text.substring(middle + skip, end);
    Integer extra = extraIds.get(piece);
    if (extra == null) {
      extra = tokens + extras.size();
      extraIds.put(piece, extra);
      extras.add(piece);
    }
    return extra;
  }

  /** The id of a piece, be it a token or one that occurs in merges only, or -1. */
  int find(String piece) {
    int id = index.find(piece);
    return id >= 0 ? id : extraIds.getOrDefault(piece, -1);
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
    if (left < 0 || right < 0) {
      return -1;
    }
    long key = key(left, right);
    for (int slot = slot(key); keys[slot] != 0; slot = (slot + 1) & mask) {
      if (keys[slot] == key) {
        return slot;
      }
    }
    return -1;
  }

  int rank(int slot) {
    return ranks[slot];
  }

  int result(int slot) {
    return results[slot];
  }
}
