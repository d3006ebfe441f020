package dev.jllm.core.token;

import java.util.Arrays;

/**
 * Pairs waiting to be merged, by priority and then by place. One line a priority: pairs mostly come
 * to it from left to right and just stand at its end; one that comes out of order goes to a heap
 * that all lines share. A long text that repeats itself has few priorities and thus takes constant
 * time a pair; any other takes logarithmic time.
 */
final class MergeQueue {
  /** Not yet made a line. */
  private static final int NONE = -1;

  /** Lines: priority, first and last entry, and whether it waits in {@link #waiting}. */
  private int[] linePriority = new int[64];

  private int[] lineFirst = new int[64];
  private int[] lineLast = new int[64];
  private boolean[] lineWaits = new boolean[64];
  private int lines;

  /** Open addressing from a priority to its line plus 1. */
  private int[] slots = new int[256];

  /** Entries: the pair's left symbol and the entry behind it in the line. */
  private int[] entryLeft = new int[64];

  private int[] entryNext = new int[64];
  private int entries;

  /** Lines that are not empty, by priority; and pairs out of order, by priority and place. */
  private final LongHeap waiting = new LongHeap();

  private final LongHeap unordered = new LongHeap();

  private int left;
  private int priority;

  /** Forgets all pairs. */
  void clear() {
    Arrays.fill(slots, 0);
    lines = 0;
    entries = 0;
    waiting.clear();
    unordered.clear();
  }

  /** Adds the pair that begins at symbol {@code left}. */
  void add(int priority, int left) {
    int line = line(priority);
    int last = lineLast[line];
    if (lineFirst[line] != NONE && entryLeft[last] >= left) {
      unordered.push(key(priority, left));
      return;
    }
    if (entries == entryLeft.length) {
      entryLeft = Arrays.copyOf(entryLeft, 2 * entries);
      entryNext = Arrays.copyOf(entryNext, 2 * entries);
    }
    int entry = entries++;
    entryLeft[entry] = left;
    entryNext[entry] = NONE;
    if (lineFirst[line] == NONE) {
      lineFirst[line] = entry;
    } else {
      entryNext[last] = entry;
    }
    lineLast[line] = entry;
    if (!lineWaits[line]) {
      lineWaits[line] = true;
      waiting.push(key(priority, line));
    }
  }

  private static long key(int priority, int low) {
    return (long) priority << 32 | low;
  }

  private int line(int priority) {
    int mask = slots.length - 1;
    int slot = slot(priority);
    while (slots[slot] != 0) {
      if (linePriority[slots[slot] - 1] == priority) {
        return slots[slot] - 1;
      }
      slot = (slot + 1) & mask;
    }
    if (lines == linePriority.length) {
      grow();
      slot = slot(priority);
      while (slots[slot] != 0) {
        slot = (slot + 1) & slots.length - 1;
      }
    }
    linePriority[lines] = priority;
    lineFirst[lines] = NONE;
    lineWaits[lines] = false;
    slots[slot] = lines + 1;
    return lines++;
  }

  private int slot(int priority) {
    int h = priority * 0x9E3779B9;
    return (h ^ h >>> 16) & slots.length - 1;
  }

  private void grow() {
    linePriority = Arrays.copyOf(linePriority, 2 * lines);
    lineFirst = Arrays.copyOf(lineFirst, 2 * lines);
    lineLast = Arrays.copyOf(lineLast, 2 * lines);
    lineWaits = Arrays.copyOf(lineWaits, 2 * lines);
    slots = new int[8 * lines];
    for (int line = 0; line < lines; line++) {
      int slot = slot(linePriority[line]);
      while (slots[slot] != 0) {
        slot = (slot + 1) & slots.length - 1;
      }
      slots[slot] = line + 1;
    }
  }

  /** Takes the first pair, if there is one: {@link #left} and {@link #priority} tell it. */
  boolean advance() {
    while (!waiting.isEmpty() && lineFirst[(int) waiting.peek()] == NONE) {
      lineWaits[(int) waiting.pop()] = false;
    }
    if (waiting.isEmpty() && unordered.isEmpty()) {
      return false;
    }
    int line = waiting.isEmpty() ? NONE : (int) waiting.peek();
    long ordered =
        line == NONE ? Long.MAX_VALUE : key(linePriority[line], entryLeft[lineFirst[line]]);
    if (!unordered.isEmpty() && unordered.peek() < ordered) {
      long top = unordered.pop();
      left = (int) top;
      priority = (int) (top >> 32);
      return true;
    }
    left = (int) ordered;
    priority = (int) (ordered >> 32);
    lineFirst[line] = entryNext[lineFirst[line]];
    return true;
  }

  int left() {
    return left;
  }

  int priority() {
    return priority;
  }

  /** A binary heap of longs, the least first. */
  private static final class LongHeap {
    private long[] heap = new long[64];
    private int size;

    void clear() {
      size = 0;
    }

    boolean isEmpty() {
      return size == 0;
    }

    long peek() {
      return heap[0];
    }

    void push(long entry) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      int at = size++;
      while (at > 0) {
        int parent = (at - 1) >> 1;
        if (heap[parent] <= entry) {
          break;
        }
        heap[at] = heap[parent];
        at = parent;
      }
      heap[at] = entry;
    }

    long pop() {
      long top = heap[0];
      long last = heap[--size];
      int at = 0;
      while (true) {
        int child = 2 * at + 1;
        if (child >= size) {
          break;
        }
        if (child + 1 < size && heap[child + 1] < heap[child]) {
          child++;
        }
        if (heap[child] >= last) {
          break;
        }
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = last;
      return top;
    }
  }
}
