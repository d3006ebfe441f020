package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.HALF_S;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;

import dev.jllm.core.kernel.AttentionOps;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link AttentionOps} by the Vector API. Many queries: a page becomes floats once and is
 * multiplied in tiles of 6 queries × 2L tokens or values. Few, as in decoding: straight from the
 * page.
 */
final class VectorAttentionOps implements AttentionOps {
  /** Up to here a page is converted as it is read. */
  private static final int FEW = 8;

  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

  private static final ThreadLocal<float[]> PANEL = ThreadLocal.withInitial(() -> new float[0]);

  private static float[] panel(int n) {
    float[] p = PANEL.get();
    if (p.length < n) {
      p = new float[n];
      PANEL.set(p);
    }
    return p;
  }

  @Override
  public void scores(float[] q, int count, int dim, float[] k, int at, float[] scores) {
    int j = 0;
    if (count >= 6) {
      java.util.Arrays.fill(scores, 0, count / 6 * 6 * SLOTS, 0);
      for (; j <= count - 6; j += 6) {
        for (int i = 0; i < SLOTS; i += 2 * L) {
          AttentionTile.six(k, at + i, SLOTS, q, j * dim, dim, dim, scores, j * SLOTS + i, SLOTS);
        }
      }
    }
    for (; j < count; j++) {
      for (int i = 0; i < SLOTS; i += 2 * L) {
        AttentionTile.one(k, at + i, SLOTS, q, j * dim, dim, scores, j * SLOTS + i);
      }
    }
  }

  @Override
  public void scores(float[] q, int count, int dim, short[] k, int at, float[] scores) {
    if (count > FEW) {
      float[] p = panel(dim * SLOTS);
      toFloats(k, at, p, 0, dim * SLOTS);
      scores(q, count, dim, p, 0, scores);
      return;
    }
    int j = 0;
    for (; j <= count - 4; j += 4) {
      for (int i = 0; i < SLOTS; i += L) {
        AttentionTile.fourHalf(k, at + i, q, j * dim, dim, scores, j * SLOTS + i);
      }
    }
    for (; j < count; j++) {
      for (int i = 0; i < SLOTS; i += 2 * L) {
        AttentionTile.oneHalf(k, at + i, q, j * dim, dim, scores, j * SLOTS + i);
      }
    }
  }

  @Override
  public void mix(
      float[] w, int count, int from, int to, float[] v, int at, int dim, float[] out, int width) {
    int n = to - from;
    int row = at + from * dim;
    int j = 0;
    for (; j <= count - 6; j += 6) {
      int c = 0;
      for (; c <= width - 2 * L; c += 2 * L) {
        AttentionTile.six(
            v, row + c, dim, w, j * SLOTS + from, SLOTS, n, out, j * width + c, width);
      }
      rest(w, j, 6, from, n, v, row, dim, out, width, c);
    }
    if (j < count) {
      rest(w, j, count - j, from, n, v, row, dim, out, width, 0);
    }
  }

  /** Queries or columns that fill no tile. */
  private static void rest(
      float[] w,
      int first,
      int count,
      int from,
      int n,
      float[] v,
      int row,
      int dim,
      float[] out,
      int width,
      int start) {
    for (int j = first; j < first + count; j++) {
      int c = start;
      for (; c <= width - L; c += L) {
        AttentionTile.column(w, j * SLOTS + from, n, v, row + c, dim, out, j * width + c);
      }
      for (; c < width; c++) {
        float sum = out[j * width + c];
        for (int i = 0; i < n; i++) {
          sum += w[j * SLOTS + from + i] * v[row + i * dim + c];
        }
        out[j * width + c] = sum;
      }
    }
  }

  @Override
  public void mix(
      float[] w, int count, int from, int to, short[] v, int at, int dim, float[] out, int width) {
    if (count > FEW || count % 4 != 0 || width % L != 0) {
      float[] p = panel(dim * SLOTS);
      toFloats(v, at + from * dim, p, from * dim, (to - from) * dim);
      mix(w, count, from, to, p, 0, dim, out, width);
      return;
    }
    for (int j = 0; j < count; j += 4) {
      for (int c = 0; c < width; c += L) {
        AttentionTile.fourColumns(
            w, j * SLOTS + from, to - from, v, at + from * dim + c, dim, out, j * width + c, width);
      }
    }
  }

  @Override
  public void toFloats(short[] h, int ho, float[] x, int xo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      IntVector q =
          (IntVector)
              ShortVector.fromArray(HALF_S, h, ho + i).convertShape(VectorOperators.S2I, I, 0);
      q.lanewise(VectorOperators.LSHL, 13)
          .and(Halves.MASK)
          .reinterpretAsFloats()
          .mul(Halves.BIAS)
          .intoArray(x, xo + i);
    }
    for (; i < n; i++) {
      x[xo + i] = Float.float16ToFloat(h[ho + i]);
    }
  }

  @Override
  public void toFloats(byte[] q, int qo, float[] scale, int so, float[] x, int xo, int n) {
    int i = 0;
    if (B.length() == L) {
      for (; i <= n - L; i += L) {
        ((FloatVector) ByteVector.fromArray(B, q, qo + i).convertShape(VectorOperators.B2F, F, 0))
            .mul(FloatVector.fromArray(F, scale, so + i))
            .intoArray(x, xo + i);
      }
    }
    for (; i < n; i++) {
      x[xo + i] = q[qo + i] * scale[so + i];
    }
  }
}
