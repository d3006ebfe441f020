package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The inner loops of matrix × matrix in 16-bit lanes: two neighbouring weights of a row are the
 * halves of a lane, two neighbouring inputs are broadcast as an int. 2L rows × 6 inputs a tile.
 *
 * <p>The methods are kept apart on purpose: together in one, the compiler's inlining budget does
 * not suffice, and every vector would become an object.
 */
final class PairTile {
  /** Inputs of a tile. */
  static final int TILE = 6;

  /** Vectors of a tile's sums. */
  static final int VECTORS = 2 * TILE;

  private PairTile() {}

  /**
   * Sums of one block, as two halves of an int each: {@code o[token][2L] = Σ_p
   * w[p][2L]·a[p][token]}. What a half sums must fit 16 bits.
   *
   * @param w pairs of weights {@code [pair][2L]}
   * @param a pairs of inputs {@code [pair][6]}
   */
  static void block(short[] w, int wo, int[] a, int ao, int pairs, int[] o, int oo) {
    ShortVector z = ShortVector.zero(S);
    ShortVector c00 = z;
    ShortVector c01 = z;
    ShortVector c10 = z;
    ShortVector c11 = z;
    ShortVector c20 = z;
    ShortVector c21 = z;
    ShortVector c30 = z;
    ShortVector c31 = z;
    ShortVector c40 = z;
    ShortVector c41 = z;
    ShortVector c50 = z;
    ShortVector c51 = z;
    for (int p = 0; p < pairs; p++) {
      ShortVector w0 = ShortVector.fromArray(S, w, wo + p * 4 * L);
      ShortVector w1 = ShortVector.fromArray(S, w, wo + p * 4 * L + 2 * L);
      ShortVector b = IntVector.broadcast(I, a[ao + p * 6]).reinterpretAsShorts();
      c00 = w0.mul(b).add(c00);
      c01 = w1.mul(b).add(c01);
      b = IntVector.broadcast(I, a[ao + p * 6 + 1]).reinterpretAsShorts();
      c10 = w0.mul(b).add(c10);
      c11 = w1.mul(b).add(c11);
      b = IntVector.broadcast(I, a[ao + p * 6 + 2]).reinterpretAsShorts();
      c20 = w0.mul(b).add(c20);
      c21 = w1.mul(b).add(c21);
      b = IntVector.broadcast(I, a[ao + p * 6 + 3]).reinterpretAsShorts();
      c30 = w0.mul(b).add(c30);
      c31 = w1.mul(b).add(c31);
      b = IntVector.broadcast(I, a[ao + p * 6 + 4]).reinterpretAsShorts();
      c40 = w0.mul(b).add(c40);
      c41 = w1.mul(b).add(c41);
      b = IntVector.broadcast(I, a[ao + p * 6 + 5]).reinterpretAsShorts();
      c50 = w0.mul(b).add(c50);
      c51 = w1.mul(b).add(c51);
    }
    c00.reinterpretAsInts().intoArray(o, oo);
    c01.reinterpretAsInts().intoArray(o, oo + L);
    c10.reinterpretAsInts().intoArray(o, oo + 2 * L);
    c11.reinterpretAsInts().intoArray(o, oo + 3 * L);
    c20.reinterpretAsInts().intoArray(o, oo + 4 * L);
    c21.reinterpretAsInts().intoArray(o, oo + 5 * L);
    c30.reinterpretAsInts().intoArray(o, oo + 6 * L);
    c31.reinterpretAsInts().intoArray(o, oo + 7 * L);
    c40.reinterpretAsInts().intoArray(o, oo + 8 * L);
    c41.reinterpretAsInts().intoArray(o, oo + 9 * L);
    c50.reinterpretAsInts().intoArray(o, oo + 10 * L);
    c51.reinterpretAsInts().intoArray(o, oo + 11 * L);
  }

  /**
   * {@code acc[token][2L] += Σ_j sums_j · d_j[2L] · da_j[token]}: blocks with a scale of their own.
   * Two tokens at a time, so that four sums that do not wait for each other are under way.
   *
   * @param da scales of the inputs {@code [block][6]}
   */
  static void flat(int[] o, int blocks, float[] d, float[] da, int dao, float[] acc, int ao) {
    for (int t = 0; t < TILE; t += 2) {
      int to = ao + t * 2 * L;
      FloatVector f = FloatVector.fromArray(F, acc, to);
      FloatVector g = FloatVector.fromArray(F, acc, to + L);
      FloatVector h = FloatVector.fromArray(F, acc, to + 2 * L);
      FloatVector k = FloatVector.fromArray(F, acc, to + 3 * L);
      for (int j = 0; j < blocks; j++) {
        int at = (j * VECTORS + 2 * t) * L;
        FloatVector d0 = FloatVector.fromArray(F, d, j * 2 * L);
        FloatVector d1 = FloatVector.fromArray(F, d, j * 2 * L + L);
        FloatVector a = FloatVector.broadcast(F, da[dao + j * TILE + t]);
        IntVector x = IntVector.fromArray(I, o, at);
        IntVector y =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16));
        f = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f);
        x = IntVector.fromArray(I, o, at + L);
        y =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16));
        g = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, g);
        a = FloatVector.broadcast(F, da[dao + j * TILE + t + 1]);
        x = IntVector.fromArray(I, o, at + 2 * L);
        y =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16));
        h = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, h);
        x = IntVector.fromArray(I, o, at + 3 * L);
        y =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16));
        k = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, k);
      }
      f.intoArray(acc, to);
      g.intoArray(acc, to + L);
      h.intoArray(acc, to + 2 * L);
      k.intoArray(acc, to + 3 * L);
    }
  }

  /**
   * {@code acc[token][2L] += d[2L] · da[token] · Σ_j sums_j · sc_j[2L]}: integer scales within a
   * block of blocks.
   */
  static void nested(
      int[] o, int blocks, int[] sc, float[] d, float[] da, int dao, float[] acc, int ao) {
    for (int t = 0; t < TILE; t += 2) {
      IntVector f = IntVector.zero(I);
      IntVector g = f;
      IntVector h = f;
      IntVector k = f;
      for (int j = 0; j < blocks; j++) {
        int at = (j * VECTORS + 2 * t) * L;
        IntVector s0 = IntVector.fromArray(I, sc, j * 2 * L);
        IntVector s1 = IntVector.fromArray(I, sc, j * 2 * L + L);
        IntVector x = IntVector.fromArray(I, o, at);
        f =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16))
                .mul(s0)
                .add(f);
        x = IntVector.fromArray(I, o, at + L);
        g =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16))
                .mul(s1)
                .add(g);
        x = IntVector.fromArray(I, o, at + 2 * L);
        h =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16))
                .mul(s0)
                .add(h);
        x = IntVector.fromArray(I, o, at + 3 * L);
        k =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16))
                .mul(s1)
                .add(k);
      }
      int to = ao + t * 2 * L;
      ((FloatVector) f.convert(VectorOperators.I2F, 0))
          .mul(da[dao + t])
          .fma(FloatVector.fromArray(F, d, 0), FloatVector.fromArray(F, acc, to))
          .intoArray(acc, to);
      ((FloatVector) g.convert(VectorOperators.I2F, 0))
          .mul(da[dao + t])
          .fma(FloatVector.fromArray(F, d, L), FloatVector.fromArray(F, acc, to + L))
          .intoArray(acc, to + L);
      ((FloatVector) h.convert(VectorOperators.I2F, 0))
          .mul(da[dao + t + 1])
          .fma(FloatVector.fromArray(F, d, 0), FloatVector.fromArray(F, acc, to + 2 * L))
          .intoArray(acc, to + 2 * L);
      ((FloatVector) k.convert(VectorOperators.I2F, 0))
          .mul(da[dao + t + 1])
          .fma(FloatVector.fromArray(F, d, L), FloatVector.fromArray(F, acc, to + 3 * L))
          .intoArray(acc, to + 3 * L);
    }
  }

  /** {@code acc[token][2L] += Σ_j m_j[2L] · sums_j[token]}: minima times the inputs' sums. */
  static void minima(float[] m, int blocks, float[] sums, int so, float[] acc, int ao) {
    for (int t = 0; t < TILE; t += 2) {
      int to = ao + t * 2 * L;
      FloatVector f = FloatVector.fromArray(F, acc, to);
      FloatVector g = FloatVector.fromArray(F, acc, to + L);
      FloatVector h = FloatVector.fromArray(F, acc, to + 2 * L);
      FloatVector k = FloatVector.fromArray(F, acc, to + 3 * L);
      for (int j = 0; j < blocks; j++) {
        FloatVector m0 = FloatVector.fromArray(F, m, j * 2 * L);
        FloatVector m1 = FloatVector.fromArray(F, m, j * 2 * L + L);
        FloatVector b = FloatVector.broadcast(F, sums[so + j * TILE + t]);
        f = m0.fma(b, f);
        g = m1.fma(b, g);
        b = FloatVector.broadcast(F, sums[so + j * TILE + t + 1]);
        h = m0.fma(b, h);
        k = m1.fma(b, k);
      }
      f.intoArray(acc, to);
      g.intoArray(acc, to + L);
      h.intoArray(acc, to + 2 * L);
      k.intoArray(acc, to + 3 * L);
    }
  }
}
