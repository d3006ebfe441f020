package dev.jllm.core.token;

/**
 * Finds a piece's id by its text, without making a string of the text: by a range of characters and
 * its hash, which is that of {@link String#hashCode()} so that it can be had from running sums.
 * Open addressing with linear probing; 4 to 8 bytes a piece beside the strings.
 */
public final class PieceIndex {
  private final String[] pieces;
  private final int[] slots;
  private final int mask;

  /** Indexes {@code pieces}; of equal ones the first is found. */
  public PieceIndex(String[] pieces) {
    this.pieces = pieces;
    int capacity = Integer.highestOneBit(Math.max(8, pieces.length * 2 - 1)) << 1;
    slots = new int[capacity];
    mask = capacity - 1;
    for (int id = 0; id < pieces.length; id++) {
      insert(id);
    }
  }

  private void insert(int id) {
    String piece = pieces[id];
    int slot = slot(piece.hashCode());
    while (slots[slot] != 0) {
      if (pieces[slots[slot] - 1].equals(piece)) {
        return;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = id + 1;
  }

  private int slot(int hash) {
    int h = hash * 0x9E3779B9;
    return (h ^ h >>> 15) & mask;
  }

  /** The id of {@code piece}, or -1. */
  public int find(String piece) {
    for (int slot = slot(piece.hashCode()); slots[slot] != 0; slot = (slot + 1) & mask) {
      if (pieces[slots[slot] - 1].equals(piece)) {
        return slots[slot] - 1;
      }
    }
    return -1;
  }

  /** The id of the {@code length} characters from {@code from}, whose hash is given, or -1. */
  public int find(char[] text, int from, int length, int hash) {
    for (int slot = slot(hash); slots[slot] != 0; slot = (slot + 1) & mask) {
      String piece = pieces[slots[slot] - 1];
      if (piece.length() == length && piece.hashCode() == hash && same(piece, text, from)) {
        return slots[slot] - 1;
      }
    }
    return -1;
  }

  private static boolean same(String piece, char[] text, int from) {
    for (int i = 0; i < piece.length(); i++) {
      if (piece.charAt(i) != text[from + i]) {
        return false;
      }
    }
    return true;
  }
}
