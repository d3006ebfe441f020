package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.PairTile.TILE;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.InputForm;
import dev.jllm.core.kernel.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rounds inputs to 8 bits, as llama.cpp does for the same formats of weights: the largest of a
 * block becomes ±127, the rest the nearest integers (ties to even).
 *
 * <p>In {@link Input}: {@code ints} holds pairs of neighbours, the one with the even index in the
 * lower half; {@code floats} the scales; {@code sums} the scale times the sum over each 32 values,
 * followed (where many vectors have one scale for 256 values) by those over each 16. Few vectors
 * lie one after another, and {@code starts} holds for each of them the sums over even and odd
 * indices as pairs, first of each 16 values, then of each 32. Many vectors are interleaved in tiles
 * of six: {@code [tile][…][6]}, pairs {@code [stretch][tile][…][6]}, so that what a panel of
 * weights is multiplied with lies in one piece.
 */
final class PairInput {
  /** Up to here each vector is a pass of its own over the weights. */
  static final int FEW = 2;

  /** Columns whose tiles lie side by side, as matrix × matrix goes through them. */
  static final int STRETCH = 256;

  /** 1.5 · 2^23: adding it leaves the nearest integer in the lowest bits. */
  private static final float ROUND = 12582912f;

  private static final VectorSpecies<Short> HALF =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 2)));

  private PairInput() {}

  static int scaleBlock(Input in) {
    return in.form == InputForm.BLOCKS_256 ? 256 : 32;
  }

  static int startsPerVector(int columns) {
    return columns / 16 + columns / 32;
  }

  static int prepareParts(Input in) {
    int n = in.count <= FEW ? in.count : Lanes.up(in.count, TILE);
    in.reserve(
        n * (in.columns / scaleBlock(in)),
        n * (in.columns / 2),
        in.count > FEW && scaleBlock(in) == 256
            ? n * (in.columns / 32 + in.columns / 16)
            : n * (in.columns / 32),
        in.count <= FEW ? n * startsPerVector(in.columns) : 0);
    return in.count <= FEW ? in.count : n / TILE;
  }

  static void prepare(Input in, int part, Scratch scratch) {
    int k = in.columns;
    int scales = k / scaleBlock(in);
    if (in.count <= FEW) {
      int so = part * startsPerVector(k);
      quantise(
          in.x,
          in.at + part * in.stride,
          k,
          scaleBlock(in),
          in.ints,
          part * (k / 2),
          in.floats,
          part * scales);
      starts(in.ints, part * (k / 2), k, in.starts, so);
      sums(
          in.starts,
          so + k / 16,
          k,
          32,
          in.floats,
          part * scales,
          scaleBlock(in),
          in.sums,
          part * (k / 32),
          1);
      return;
    }
    int[] q = scratch.ints(0, k / 2);
    float[] d = scratch.floats(0, scales);
    int[] st = scratch.ints(1, startsPerVector(k));
    for (int t = 0; t < TILE; t++) {
      int v = part * TILE + t;
      if (v < in.count) {
        quantise(in.x, in.at + v * in.stride, k, scaleBlock(in), q, 0, d, 0);
        starts(q, 0, k, st, 0);
      } else {
        Arrays.fill(q, 0, k / 2, 0);
        Arrays.fill(d, 0, scales, 0);
        Arrays.fill(st, 0, startsPerVector(k), 0);
      }
      for (int c = 0; c < k; c += STRETCH) {
        int n = Math.min(STRETCH, k - c);
        int to = tile(in, part, c, 2) + t;
        for (int i = 0; i < n / 2; i++) {
          in.ints[to + i * TILE] = q[c / 2 + i];
        }
        int ds = tile(in, part, c, scaleBlock(in)) + t;
        for (int i = 0; i < n / scaleBlock(in); i++) {
          in.floats[ds + i * TILE] = d[c / scaleBlock(in) + i];
        }
        int at0 = c / scaleBlock(in);
        int o = tile(in, part, c, 32) + t;
        sums(st, k / 16 + c / 32, n, 32, d, at0, scaleBlock(in), in.sums, o, TILE);
        if (scaleBlock(in) == 256) {
          o = sums(in, 16) + tile(in, part, c, 16) + t;
          sums(st, c / 16, n, 16, d, at0, 256, in.sums, o, TILE);
        }
      }
    }
  }

  /**
   * Where a tile's values for the columns from {@code c} on, a multiple of the stretch, begin.
   *
   * @param of columns that have a value in common: 2 for pairs, the block for scales and sums
   */
  static int tile(Input in, int tile, int c, int of) {
    int n = Math.min(STRETCH, in.columns - c);
    return c / of * Lanes.up(in.count, TILE) + tile * TILE * (n / of);
  }

  private static void quantise(
      float[] x, int at, int n, int block, int[] q, int qo, float[] d, int at0) {
    for (int i = 0; i < n; i += block) {
      float max = largest(x, at + i, block);
      float scale = max / 127;
      d[at0 + i / block] = scale;
      round(x, at + i, block, max == 0 ? 0 : 127 / max, q, qo + i / 2);
    }
  }

  private static float largest(float[] x, int at, int n) {
    FloatVector m = FloatVector.zero(F);
    for (int i = 0; i < n; i += L) {
      m = m.max(FloatVector.fromArray(F, x, at + i).abs());
    }
    return m.reduceLanes(VectorOperators.MAX);
  }

  private static void round(float[] x, int at, int n, float factor, int[] q, int qo) {
    if (HALF.length() != L) {
      for (int i = 0; i < n; i += 2) {
        int a = Float.floatToRawIntBits(x[at + i] * factor + ROUND);
        int b = Float.floatToRawIntBits(x[at + i + 1] * factor + ROUND);
        q[qo + i / 2] = a & 0xffff | b << 16;
      }
      return;
    }
    for (int i = 0; i < n; i += L) {
      IntVector v = FloatVector.fromArray(F, x, at + i).mul(factor).add(ROUND).reinterpretAsInts();
      ((ShortVector) v.convertShape(VectorOperators.I2S, HALF, 0))
          .reinterpretAsInts()
          .intoArray(q, qo + i / 2);
    }
  }

  /** Sums of even and odd values as pairs: of each 16 values, then of each 32. */
  private static void starts(int[] q, int qo, int n, int[] out, int at) {
    for (int b = 0; b < n / 16; b++) {
      int even = 0;
      int odd = 0;
      for (int i = 0; i < 8; i++) {
        int v = q[qo + b * 8 + i];
        even += (short) v;
        odd += v >> 16;
      }
      out[at + b] = even & 0xffff | odd << 16;
    }
    for (int b = 0; b < n / 32; b++) {
      int x = out[at + 2 * b];
      int y = out[at + 2 * b + 1];
      out[at + n / 16 + b] = (x + y) & 0xffff | (x >> 16) + (y >> 16) << 16;
    }
  }

  /** Where the sums over each {@code of} values (16 or 32) of interleaved vectors begin. */
  static int sums(Input in, int of) {
    return of == 32 ? 0 : Lanes.up(in.count, TILE) * (in.columns / 32);
  }

  private static void sums(
      int[] starts,
      int at,
      int n,
      int of,
      float[] d,
      int at0,
      int block,
      float[] out,
      int o,
      int step) {
    for (int b = 0; b < n / of; b++) {
      int s = starts[at + b];
      out[o + b * step] = ((short) s + (s >> 16)) * d[at0 + b * of / block];
    }
  }
}
