package dev.jllm.core.sample;

import java.util.Arrays;

/**
 * Finds the greatest of many logits without sorting them all.
 *
 * <p>A logit and its position are packed into one {@code long} whose natural order is the order
 * wanted: greater logits first, among equal ones the lower position. All keys differ, so the
 * outcome is one and the same for every algorithm. NaN counts as -infinity, and +infinity as the
 * greatest finite number, so that a softmax over them stays defined.
 *
 * <p>Few of many: positions are collected into a buffer of 2k keys; when it is full, quickselect
 * halves it, and the worst key kept becomes the threshold for those to come. That is O(n) whatever
 * the order of the input [1, as in Guava's TopKSelector], and nearly all of the work is to look for
 * the next logit above the threshold. All of many: radix sort, least significant digit first.
 *
 * <p>[1] M. Blum et al.: Time Bounds for Selection. JCSS 7(4), 1973.
 */
final class Selection {
  /**
   * Up to here insertion is faster than radix sort. ({@link Arrays#sort(long[])} allocates when it
   * finds its input partly sorted.)
   */
  private static final int SMALL = 64;

  private long[] keys = new long[256];
  private long[] spare = new long[0];
  private final int[] counts = new int[4 * 256];

  /** The key of logit {@code x} at position {@code i}. */
  static long key(float x, int i) {
    // The sum turns -0 into +0, which are equal as logits.
    float y = x <= Float.MAX_VALUE ? x + 0f : x > 0 ? Float.MAX_VALUE : Float.NEGATIVE_INFINITY;
    int bits = Float.floatToRawIntBits(y);
    int ascending = bits ^ ((bits >> 31) & 0x7fffffff);
    return ((long) ~ascending << 32) | i;
  }

  /** The position in a key. */
  static int position(long key) {
    return (int) key;
  }

  /** The logit in a key. */
  static float logit(long key) {
    int ascending = ~(int) (key >> 32);
    return Float.intBitsToFloat(ascending ^ ((ascending >> 31) & 0x7fffffff));
  }

  /**
   * The keys of the {@code k} greatest of {@code x[offset, offset + n)}, best first, in the first
   * {@code k} elements of an array that is valid until the next call; positions count from {@code
   * offset}. 0 &lt; k ≤ n.
   */
  long[] top(float[] x, int offset, int n, int k) {
    if (k > n / 4 || n <= 256) {
      all(x, offset, n);
    } else {
      few(x, offset, n, k);
    }
    return keys;
  }

  private void all(float[] x, int offset, int n) {
    grow(n);
    long[] a = keys;
    for (int i = 0; i < n; i++) {
      a[i] = key(x[offset + i], i);
    }
    if (n <= SMALL) {
      insertionSort(n);
    } else {
      radixSort(n); // stable, and the positions ascend
    }
  }

  private void few(float[] x, int offset, int n, int k) {
    int capacity = Math.max(2 * k, 64);
    grow(capacity);
    long[] a = keys;
    for (int i = 0; i < capacity; i++) {
      a[i] = key(x[offset + i], i);
    }
    keepBest(a, capacity, k);
    int size = k;
    // The threshold is the worst kept, and later positions lose ties: only a greater one enters.
    float threshold = worst(a, k);
    int end = offset + n;
    for (int i = above(x, offset + capacity, end, threshold);
        i < end;
        i = above(x, i + 1, end, threshold)) {
      a[size++] = key(x[i], i - offset);
      if (size == capacity) {
        keepBest(a, size, k);
        size = k;
        threshold = worst(a, k);
      }
    }
    keepBest(a, size, k);
    if (k <= SMALL) {
      insertionSort(k);
    } else {
      sortByPosition(k); // radix sort looks at the logits alone, so positions must ascend before
      radixSort(k);
    }
  }

  /**
   * The first index in [from, to) whose value exceeds {@code threshold}, or {@code to}. A loop of
   * its own because C2 compiles it to one comparison a value.
   */
  private static int above(float[] x, int from, int to, float threshold) {
    for (int i = from; i < to; i++) {
      if (x[i] > threshold) {
        return i;
      }
    }
    return to;
  }

  /** The first index in [from, to) whose value is {@code threshold} or more, or {@code to}. */
  static int atLeast(float[] x, int from, int to, float threshold) {
    for (int i = from; i < to; i++) {
      if (x[i] >= threshold) {
        return i;
      }
    }
    return to;
  }

  private static float worst(long[] a, int k) {
    long worst = a[0];
    for (int i = 1; i < k; i++) {
      worst = Math.max(worst, a[i]);
    }
    return logit(worst);
  }

  /** Quickselect: moves the {@code k} least of {@code a[0, n)} to the front, in any order. */
  private static void keepBest(long[] a, int n, int k) {
    int from = 0;
    int to = n - 1;
    // Pivots drawn from a fixed stream: no input is slow but by an unlikely accident.
    int state = 0x2545F491;
    while (from < to && k <= to) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      long pivot = a[from + Integer.remainderUnsigned(state, to - from + 1)];
      int i = from;
      int j = to;
      while (i <= j) {
        while (a[i] < pivot) {
          i++;
        }
        while (a[j] > pivot) {
          j--;
        }
        if (i <= j) {
          long t = a[i];
          a[i++] = a[j];
          a[j--] = t;
        }
      }
      if (k <= j) {
        to = j;
      } else if (k > i) {
        from = i;
      } else {
        return;
      }
    }
  }

  private void insertionSort(int n) {
    long[] a = keys;
    for (int i = 1; i < n; i++) {
      long x = a[i];
      int j = i;
      while (j > 0 && a[j - 1] > x) {
        a[j] = a[j - 1];
        j--;
      }
      a[j] = x;
    }
  }

  private void sortByPosition(int n) {
    for (int i = 0; i < n; i++) {
      keys[i] = Long.rotateLeft(keys[i], 32);
    }
    radixSort(n);
    for (int i = 0; i < n; i++) {
      keys[i] = Long.rotateLeft(keys[i], 32);
    }
  }

  /** Stable sort of {@code keys[0, n)} by their upper 32 bits as a signed number, ascending. */
  private void radixSort(int n) {
    if (spare.length < n) {
      spare = new long[keys.length];
    }
    Arrays.fill(counts, 0);
    long[] a = keys;
    for (int i = 0; i < n; i++) {
      int d = (int) (a[i] >> 32) ^ Integer.MIN_VALUE;
      counts[d & 255]++;
      counts[256 + (d >>> 8 & 255)]++;
      counts[512 + (d >>> 16 & 255)]++;
      counts[768 + (d >>> 24)]++;
    }
    long[] b = spare;
    for (int digit = 0; digit < 4; digit++) {
      int base = digit << 8;
      int sum = 0;
      for (int v = 0; v < 256; v++) {
        int c = counts[base + v];
        counts[base + v] = sum;
        sum += c;
      }
      int shift = digit << 3;
      for (int i = 0; i < n; i++) {
        long x = a[i];
        int d = ((int) (x >> 32) ^ Integer.MIN_VALUE) >>> shift & 255;
        b[counts[base + d]++] = x;
      }
      long[] t = a;
      a = b;
      b = t;
    }
  }

  private void grow(int n) {
    if (keys.length < n) {
      keys = new long[Math.max(n, 2 * keys.length)];
    }
  }
}
