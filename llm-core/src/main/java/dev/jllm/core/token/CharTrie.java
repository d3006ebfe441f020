package dev.jllm.core.token;

import java.util.Arrays;

/** A small trie over UTF-16 units; the children of a node are a linked list. */
final class CharTrie {
  private static final int DIRECT = 128;

  private char[] labels = new char[64];
  private int[] values = new int[64];
  private int[] children = new int[64];
  private int[] siblings = new int[64];
  private final int[] ascii = new int[DIRECT];
  private int roots = -1;
  private int size;

  CharTrie() {
    Arrays.fill(ascii, -1);
  }

  /** Adds {@code text}; the first value of equal texts stays. */
  void add(String text, int value) {
    int node = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int next = i == 0 ? root(c) : child(node, c);
      node = next >= 0 ? next : append(node, c);
    }
    if (node >= 0 && values[node] < 0) {
      values[node] = value;
    }
  }

  private int append(int parent, char label) {
    if (size == labels.length) {
      labels = Arrays.copyOf(labels, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      children = Arrays.copyOf(children, 2 * size);
      siblings = Arrays.copyOf(siblings, 2 * size);
    }
    labels[size] = label;
    values[size] = -1;
    children[size] = -1;
    if (parent >= 0) {
      siblings[size] = children[parent];
      children[parent] = size;
    } else {
      siblings[size] = roots;
      roots = size;
      if (label < DIRECT) {
        ascii[label] = size;
      }
    }
    return size++;
  }

  /** The node of a first unit, or -1. */
  int root(char label) {
    return label < DIRECT ? ascii[label] : search(roots, label);
  }

  /** The child of {@code node} for {@code label}, or -1. */
  int child(int node, char label) {
    return search(children[node], label);
  }

  private int search(int first, char label) {
    int node = first;
    while (node >= 0 && labels[node] != label) {
      node = siblings[node];
    }
    return node;
  }

  /** The value at {@code node}, or -1. */
  int value(int node) {
    return values[node];
  }
}
