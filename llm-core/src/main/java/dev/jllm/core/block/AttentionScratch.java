package dev.jllm.core.block;

import dev.jllm.core.cache.KvRows;
import dev.jllm.core.kernel.FloatOps;
import dev.jllm.core.kernel.KernelsLookup;
import java.util.Arrays;

/** The memory of one worker for one tile of queries. */
final class AttentionScratch {
  private static final FloatOps FLOATS = KernelsLookup.kernels().floats();

  float[] queries = new float[0];
  float[] scores = new float[0];
  float[] out = new float[0];
  float[] max = new float[0];
  float[] sum = new float[0];

  private AttentionScratch[] others = new AttentionScratch[0];

  /** Memory for one of several heads; that of head 0 is this one. */
  AttentionScratch head(int k) {
    if (k == 0) {
      return this;
    }
    if (k > others.length) {
      int n = others.length;
      others = Arrays.copyOf(others, k);
      for (int i = n; i < k; i++) {
        others[i] = new AttentionScratch();
      }
    }
    return others[k - 1];
  }

  private int[] indices = new int[0];

  private float[] row = new float[0];

  /** Room for {@code n} values. */
  float[] row(int n) {
    if (row.length < n) {
      row = new float[n];
    }
    return row;
  }

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

  /** Adds results of other pages: maxima, sums and vectors of {@code count} queries. */
  void add(float[] x, int at, int count, int dim) {
    for (int j = 0; j < count; j++) {
      float top = x[at + j];
      if (top == Float.NEGATIVE_INFINITY) {
        continue;
      }
      float share = 1;
      if (top > max[j]) {
        float shrink = FastMath.exp(max[j] - top);
        sum[j] *= shrink;
        FLOATS.scale(shrink, out, j * dim, dim);
        max[j] = top;
      } else {
        share = FastMath.exp(top - max[j]);
      }
      sum[j] += share * x[at + count + j];
      FLOATS.axpy(share, x, at + 2 * count + j * dim, out, j * dim, dim);
    }
  }
}
