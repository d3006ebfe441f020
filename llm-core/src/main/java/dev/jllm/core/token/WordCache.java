package dev.jllm.core.token;

import org.jspecify.annotations.Nullable;

/**
 * The tokens of words met before. Each word has two places; a new word takes the place of an older
 * one, so that the memory is bounded whatever the text. Entries are immutable and published by
 * plain writes: a thread that misses another's entry just makes it again.
 */
final class WordCache {
  /** Longer words are rarely met twice. */
  static final int LONGEST = 32;

  private static final int SLOTS = 1 << 16;

  /** A word's tokens; ends are in characters from the word's start. */
  static final class Entry {
    final int hash;
    final int[] word;
    final int[] ids;
    final int[] ends;

    Entry(int hash, int[] word, int[] ids, int[] ends) {
      this.hash = hash;
      this.word = word;
      this.ids = ids;
      this.ends = ends;
    }

    Entry(int hash, char[] text, int from, int to, int[] ids, int[] ends) {
      this(hash, new int[to - from], ids, ends);
      for (int i = from; i < to; i++) {
        word[i - from] = text[i];
      }
    }

    boolean is(char[] text, int from, int to) {
      if (word.length != to - from) {
        return false;
      }
      for (int i = 0; i < word.length; i++) {
        if (word[i] != text[from + i]) {
          return false;
        }
      }
      return true;
    }

    boolean is(int[] points, int from, int to) {
      if (word.length != to - from) {
        return false;
      }
      for (int i = 0; i < word.length; i++) {
        if (word[i] != points[from + i]) {
          return false;
        }
      }
      return true;
    }
  }

  private final @Nullable Entry[] slots = new Entry[SLOTS];

  static int hash(int[] points, int from, int to) {
    int h = 0;
    for (int i = from; i < to; i++) {
      h = (h ^ points[i]) * 0x01000193;
    }
    return h ^ h >>> 15;
  }

  static int hash(char[] text, int from, int to) {
    int h = 0;
    for (int i = from; i < to; i++) {
      h = (h ^ text[i]) * 0x01000193;
    }
    return h ^ h >>> 15;
  }

  @Nullable Entry find(int hash, char[] text, int from, int to) {
    Entry e = slots[hash & SLOTS - 1];
    if (e != null && e.hash == hash && e.is(text, from, to)) {
      return e;
    }
    e = slots[hash & SLOTS - 1 ^ 1];
    return e != null && e.hash == hash && e.is(text, from, to) ? e : null;
  }

  @Nullable Entry find(int hash, int[] points, int from, int to) {
    Entry e = slots[hash & SLOTS - 1];
    if (e != null && e.hash == hash && e.is(points, from, to)) {
      return e;
    }
    e = slots[hash & SLOTS - 1 ^ 1];
    return e != null && e.hash == hash && e.is(points, from, to) ? e : null;
  }

  void put(Entry entry) {
    int slot = entry.hash & SLOTS - 1;
    Entry old = slots[slot];
    if (old != null) {
      slots[slot ^ 1] = old;
    }
    slots[slot] = entry;
  }
}
