package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.AttentionBytes.B;
import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.HALF_S;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;

import dev.jllm.core.kernel.AttentionOps;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link AttentionOps} by the Vector API. Many queries: a page becomes floats once and is
 * multiplied in tiles of 6 queries × 2L tokens or values. Few, as in decoding: straight from the
 * page.
 */
final class VectorAttentionOps implements AttentionOps {
  /** Up to here a page is converted as it is read. */
  private static final int FEW = 8;

  /** Halves come out of {@link AttentionHalves} too small by 2^112, which queries make up for. */
  private static final float MOST = 0x1p100f;

  /** What {@link #MOST} leaves: all of it at once would let large queries overflow. */
  private static final float REST = 0x1p12f;

  /** Whether bytes for a vector of floats can be read at once, none beyond, of one block. */
  private static final boolean BYTES = B.length() == L && 2 * L <= BLOCK;

  /** Scales of weights that have been multiplied by theirs before. */
  private static final float[] ONES = new float[2 * L];

  static {
    Arrays.fill(ONES, 1);
  }

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
    int whole = multiplied(count);
    Arrays.fill(scores, 0, whole * SLOTS, 0);
    int j = 0;
    for (; j <= count - 6; j += 6) {
      for (int i = 0; i < SLOTS; i += 2 * L) {
        AttentionTile.six(k, at + i, SLOTS, q, j * dim, dim, dim, scores, j * SLOTS + i, SLOTS);
      }
    }
    for (; j <= count - 4; j += 4) {
      for (int i = 0; i < SLOTS; i += 2 * L) {
        AttentionTile.four(k, at + i, SLOTS, q, j * dim, dim, dim, scores, j * SLOTS + i, SLOTS);
      }
    }
    for (; j < count; j++) {
      for (int i = 0; i < SLOTS; i += 2 * L) {
        AttentionTile.one(k, at + i, SLOTS, q, j * dim, dim, scores, j * SLOTS + i);
      }
    }
  }

  /** Of {@code count} queries, those in tiles of six and four. */
  private static int multiplied(int count) {
    int rest = count % 6;
    return count - (rest < 4 ? rest : rest - 4);
  }

  @Override
  public void scores(float[] q, int count, int dim, short[] k, int at, float[] scores) {
    if (count > FEW) {
      float[] p = panel(dim * SLOTS);
      toFloats(k, at, p, 0, dim * SLOTS);
      scores(q, count, dim, p, 0, scores);
      return;
    }
    float[] up = panel(count * dim);
    enlarge(q, up, count * dim);
    Arrays.fill(scores, 0, count * SLOTS, 0);
    int j = 0;
    for (; j <= count - 4; j += 4) {
      for (int i = 0; i < SLOTS; i += 2 * L) {
        int to = j * SLOTS + i;
        AttentionHalves.four(k, at + i, SLOTS, up, j * dim, dim, dim, REST, scores, to, SLOTS);
      }
    }
    for (; j < count; j++) {
      for (int i = 0; i < SLOTS; i += 2 * L) {
        AttentionHalves.one(k, at + i, SLOTS, up, j * dim, dim, REST, scores, j * SLOTS + i);
      }
    }
  }

  /** {@code y = x · 2^100}. */
  private static void enlarge(float[] x, float[] y, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(F, x, i).mul(MOST).intoArray(y, i);
    }
    for (; i < n; i++) {
      y[i] = x[i] * MOST;
    }
  }

  @Override
  public void scores(
      float[] q, int count, int dim, byte[] k, int at, float[] scale, int so, float[] scores) {
    if (count > FEW || !BYTES) {
      float[] p = panel(dim * SLOTS);
      for (int d = 0; d < dim; d++) {
        toFloats(k, at + d * SLOTS, scale, so + d / BLOCK * SLOTS, p, d * SLOTS, SLOTS);
      }
      scores(q, count, dim, p, 0, scores);
      return;
    }
    Arrays.fill(scores, 0, count * SLOTS, 0);
    for (int i = 0; i < SLOTS; i += 2 * L) {
      for (int d = 0; d < dim; d += BLOCK) {
        int n = Math.min(BLOCK, dim - d);
        int from = at + d * SLOTS + i;
        int s = so + d / BLOCK * SLOTS + i;
        int j = 0;
        for (; j <= count - 4; j += 4) {
          int to = j * SLOTS + i;
          AttentionBytes.four(k, from, SLOTS, q, j * dim + d, dim, n, scale, s, scores, to, SLOTS);
        }
        for (; j < count; j++) {
          AttentionBytes.one(k, from, SLOTS, q, j * dim + d, n, scale, s, scores, j * SLOTS + i);
        }
      }
    }
  }

  @Override
  public void mix(
      float[] w, int count, int from, int to, float[] v, int at, int dim, float[] out, int width) {
    int n = to - from;
    int row = at + from * dim;
    int whole = width / (2 * L) * 2 * L;
    int j = 0;
    for (; j <= count - 6; j += 6) {
      for (int c = 0; c < whole; c += 2 * L) {
        AttentionTile.six(
            v, row + c, dim, w, j * SLOTS + from, SLOTS, n, out, j * width + c, width);
      }
    }
    for (; j <= count - 4; j += 4) {
      for (int c = 0; c < whole; c += 2 * L) {
        AttentionTile.four(
            v, row + c, dim, w, j * SLOTS + from, SLOTS, n, out, j * width + c, width);
      }
    }
    rest(w, 0, j, from, n, v, row, dim, out, width, whole);
    rest(w, j, count - j, from, n, v, row, dim, out, width, 0);
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
    int row = at + from * dim;
    if (count > FEW || width % (2 * L) != 0) {
      float[] p = panel(dim * SLOTS);
      toFloats(v, row, p, from * dim, (to - from) * dim);
      mix(w, count, from, to, p, 0, dim, out, width);
      return;
    }
    float[] up = panel(count * SLOTS);
    enlarge(w, up, count * SLOTS);
    int j = 0;
    for (; j <= count - 4; j += 4) {
      for (int c = 0; c < width; c += 2 * L) {
        int first = j * SLOTS + from;
        AttentionHalves.four(
            v, row + c, dim, up, first, SLOTS, to - from, REST, out, j * width + c, width);
      }
    }
    for (; j < count; j++) {
      for (int c = 0; c < width; c += 2 * L) {
        AttentionHalves.one(
            v, row + c, dim, up, j * SLOTS + from, to - from, REST, out, j * width + c);
      }
    }
  }

  @Override
  public void mix(
      float[] w,
      int count,
      int from,
      int to,
      byte[] v,
      int at,
      float[] scale,
      int so,
      int dim,
      float[] out,
      int width) {
    if (count > FEW || !BYTES || width % (2 * L) != 0) {
      float[] p = panel(dim * SLOTS);
      for (int i = from; i < to; i++) {
        for (int c = 0; c < dim; c += BLOCK) {
          float s = scale[so + c / BLOCK * SLOTS + i];
          times(v, at + i * dim + c, s, p, i * dim + c, Math.min(BLOCK, dim - c));
        }
      }
      mix(w, count, from, to, p, 0, dim, out, width);
      return;
    }
    float[] weights = panel(count * SLOTS);
    for (int b = 0; b < width; b += BLOCK) {
      weigh(w, scale, so + b / BLOCK * SLOTS, weights, count);
      for (int c = b; c < Math.min(width, b + BLOCK); c += 2 * L) {
        int row = at + from * dim + c;
        int j = 0;
        for (; j <= count - 4; j += 4) {
          int first = j * SLOTS + from;
          int o = j * width + c;
          AttentionBytes.four(
              v, row, dim, weights, first, SLOTS, to - from, ONES, 0, out, o, width);
        }
        for (; j < count; j++) {
          int first = j * SLOTS + from;
          AttentionBytes.one(v, row, dim, weights, first, to - from, ONES, 0, out, j * width + c);
        }
      }
    }
  }

  /** Weights of all queries times the scales of the slots. */
  private static void weigh(float[] w, float[] scale, int so, float[] y, int count) {
    for (int i = 0; i < SLOTS; i += L) {
      FloatVector s = FloatVector.fromArray(F, scale, so + i);
      for (int j = i; j < count * SLOTS; j += SLOTS) {
        FloatVector.fromArray(F, w, j).mul(s).intoArray(y, j);
      }
    }
  }

  /** {@code x = q · scale}. */
  private static void times(byte[] q, int qo, float scale, float[] x, int xo, int n) {
    int i = 0;
    if (B.length() == L) {
      for (; i <= n - L; i += L) {
        ((FloatVector) ByteVector.fromArray(B, q, qo + i).convertShape(VectorOperators.B2F, F, 0))
            .mul(scale)
            .intoArray(x, xo + i);
      }
    }
    for (; i < n; i++) {
      x[xo + i] = q[qo + i] * scale;
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
