package dev.jllm.core.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A growing list of token ids. */
final class IntList {
  private int[] values = new int[64];
  private int size;

  int size() {
    return size;
  }

  int get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException("index " + index + " of " + size);
    }
    return values[index];
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  void addAll(int[] more) {
    for (int value : more) {
      add(value);
    }
  }

  void truncate(int newSize) {
    size = Math.min(size, newSize);
  }

  /** How many values at the beginning agree with {@code other}. */
  int commonPrefix(int[] other) {
    int n = Math.min(size, other.length);
    int i = 0;
    while (i < n && values[i] == other[i]) {
      i++;
    }
    return i;
  }

  static IntList of(int[] values) {
    IntList list = new IntList();
    list.addAll(values);
    return list;
  }

  IntList copy() {
    IntList copy = new IntList();
    copy.values = values.clone();
    copy.size = size;
    return copy;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  List<Integer> toList(int from) {
    List<Integer> list = new ArrayList<>(size - from);
    for (int i = from; i < size; i++) {
      list.add(values[i]);
    }
    return list;
  }
}
