package dev.jllm.core.sample;

import java.util.Arrays;

/**
 * Collects tokens and forbids them by setting their logits to -infinity. A ban that would leave
 * nothing possible is not carried out: the text must go on.
 */
final class Ban {
  private int[] tokens = new int[16];
  private float[] before = new float[16];
  private int size;

  void begin() {
    size = 0;
  }

  void add(int token) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * size);
      before = Arrays.copyOf(before, 2 * size);
    }
    tokens[size++] = token;
  }

  void apply(Candidates candidates) {
    if (size == 0) {
      return;
    }
    float[] x = candidates.logits();
    boolean bestFell = false;
    float best = candidates.maxLogit();
    for (int i = 0; i < size; i++) {
      int at = candidates.indexOf(tokens[i]);
      tokens[i] = at;
      if (at >= 0) {
        before[i] = x[at];
        bestFell |= x[at] == best;
        x[at] = Float.NEGATIVE_INFINITY;
      }
    }
    candidates.reordered();
    if (bestFell && candidates.maxLogit() == Float.NEGATIVE_INFINITY) {
      // Backwards, so that of a token collected twice the first value is the last one restored.
      for (int i = size - 1; i >= 0; i--) {
        if (tokens[i] >= 0) {
          x[tokens[i]] = before[i];
        }
      }
      candidates.reordered();
    }
  }
}
