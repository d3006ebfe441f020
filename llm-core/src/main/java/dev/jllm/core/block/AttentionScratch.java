package dev.jllm.core.block;

import dev.jllm.core.cache.KvRows;
import java.util.Arrays;

/** The memory of one worker for one tile of queries. */
final class AttentionScratch {
  float[] queries = new float[0];
  float[] scores = new float[0];
  float[] out = new float[0];
  float[] max = new float[0];
  float[] sum = new float[0];

  private int[] indices = new int[0];

  /** Room for {@code n} indices. */
  int[] indices(int n) {
    if (indices.length < n) {
      indices = new int[n];
    }
    return indices;
  }

  /** Makes room for {@code count} queries and sets the running results to nothing. */
  void size(int count, int keyDim, int valueDim) {
    if (max.length < count) {
      scores = new float[count * KvRows.SLOTS];
      max = new float[count];
      sum = new float[count];
    }
    if (queries.length < count * keyDim) {
      queries = new float[count * keyDim];
    }
    if (out.length < count * valueDim) {
      out = new float[count * valueDim];
    }
    Arrays.fill(max, 0, count, Float.NEGATIVE_INFINITY);
    Arrays.fill(sum, 0, count, 0);
    Arrays.fill(out, 0, count * valueDim, 0);
  }
}
