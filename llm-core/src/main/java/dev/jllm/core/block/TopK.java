package dev.jllm.core.block;

/**
 * The indices of the greatest values. Among equal values those are kept that a heap of the first
 * {@code k}, whose least is replaced by what is greater, leaves there (the partial sort of the C++
 * library): models that were made elsewhere choose among equal scores so.
 */
final class TopK {
  private TopK() {}

  /** Writes the indices of the {@code k} greatest of {@code n} values, in no order. */
  static void select(float[] values, int n, int k, int[] heap) {
    for (int i = 0; i < k; i++) {
      heap[i] = i;
    }
    for (int parent = (k - 2) / 2; k > 1 && parent >= 0; parent--) {
      sift(values, heap, parent, k, heap[parent]);
    }
    for (int i = k; i < n; i++) {
      if (values[i] > values[heap[0]]) {
        sift(values, heap, 0, k, i);
      }
    }
  }

  /** Lets a hole sink to a leaf, then lets {@code index} rise from there. */
  private static void sift(float[] values, int[] heap, int from, int k, int index) {
    int hole = from;
    int child = from;
    while (child < (k - 1) / 2) {
      child = 2 * (child + 1);
      if (values[heap[child]] > values[heap[child - 1]]) {
        child--;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    if ((k & 1) == 0 && child == (k - 2) / 2) {
      child = 2 * (child + 1);
      heap[hole] = heap[child - 1];
      hole = child - 1;
    }
    while (hole > from && values[heap[(hole - 1) / 2]] > values[index]) {
      heap[hole] = heap[(hole - 1) / 2];
      hole = (hole - 1) / 2;
    }
    heap[hole] = index;
  }
}
