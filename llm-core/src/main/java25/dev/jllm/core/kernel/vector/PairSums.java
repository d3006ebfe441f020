package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.PairTile.TILE;
import static dev.jllm.core.kernel.vector.PairTile.VECTORS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Brings the sums of {@link PairTile}, whose two halves are added here, to scale. All twelve
 * vectors of a tile go side by side: none waits for another, and each scale is loaded once.
 */
final class PairSums {
  private PairSums() {}

  /**
   * {@code acc[token][2L] += d[2L] · da[token] · Σ_j sums_j · sc_j[2L]}: integer scales within a
   * block of blocks.
   */
  static void nested(
      int[] o, int blocks, int[] sc, float[] d, float[] da, int dao, float[] acc, int ao) {
    IntVector f0 = IntVector.zero(I);
    IntVector f1 = f0;
    IntVector f2 = f0;
    IntVector f3 = f0;
    IntVector f4 = f0;
    IntVector f5 = f0;
    IntVector f6 = f0;
    IntVector f7 = f0;
    IntVector f8 = f0;
    IntVector f9 = f0;
    IntVector f10 = f0;
    IntVector f11 = f0;
    for (int j = 0; j < blocks; j++) {
      int at = j * VECTORS * L;
      IntVector s0 = IntVector.fromArray(I, sc, j * 2 * L);
      IntVector s1 = IntVector.fromArray(I, sc, j * 2 * L + L);
      IntVector x = IntVector.fromArray(I, o, at);
      f0 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s0)
              .add(f0);
      x = IntVector.fromArray(I, o, at + L);
      f1 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s1)
              .add(f1);
      x = IntVector.fromArray(I, o, at + 2 * L);
      f2 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s0)
              .add(f2);
      x = IntVector.fromArray(I, o, at + 3 * L);
      f3 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s1)
              .add(f3);
      x = IntVector.fromArray(I, o, at + 4 * L);
      f4 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s0)
              .add(f4);
      x = IntVector.fromArray(I, o, at + 5 * L);
      f5 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s1)
              .add(f5);
      x = IntVector.fromArray(I, o, at + 6 * L);
      f6 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s0)
              .add(f6);
      x = IntVector.fromArray(I, o, at + 7 * L);
      f7 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s1)
              .add(f7);
      x = IntVector.fromArray(I, o, at + 8 * L);
      f8 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s0)
              .add(f8);
      x = IntVector.fromArray(I, o, at + 9 * L);
      f9 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s1)
              .add(f9);
      x = IntVector.fromArray(I, o, at + 10 * L);
      f10 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s0)
              .add(f10);
      x = IntVector.fromArray(I, o, at + 11 * L);
      f11 =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16))
              .mul(s1)
              .add(f11);
    }
    FloatVector d0 = FloatVector.fromArray(F, d, 0);
    FloatVector d1 = FloatVector.fromArray(F, d, L);
    ((FloatVector) f0.convert(VectorOperators.I2F, 0))
        .mul(da[dao])
        .fma(d0, FloatVector.fromArray(F, acc, ao))
        .intoArray(acc, ao);
    ((FloatVector) f1.convert(VectorOperators.I2F, 0))
        .mul(da[dao])
        .fma(d1, FloatVector.fromArray(F, acc, ao + L))
        .intoArray(acc, ao + L);
    ((FloatVector) f2.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 1])
        .fma(d0, FloatVector.fromArray(F, acc, ao + 2 * L))
        .intoArray(acc, ao + 2 * L);
    ((FloatVector) f3.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 1])
        .fma(d1, FloatVector.fromArray(F, acc, ao + 3 * L))
        .intoArray(acc, ao + 3 * L);
    ((FloatVector) f4.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 2])
        .fma(d0, FloatVector.fromArray(F, acc, ao + 4 * L))
        .intoArray(acc, ao + 4 * L);
    ((FloatVector) f5.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 2])
        .fma(d1, FloatVector.fromArray(F, acc, ao + 5 * L))
        .intoArray(acc, ao + 5 * L);
    ((FloatVector) f6.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 3])
        .fma(d0, FloatVector.fromArray(F, acc, ao + 6 * L))
        .intoArray(acc, ao + 6 * L);
    ((FloatVector) f7.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 3])
        .fma(d1, FloatVector.fromArray(F, acc, ao + 7 * L))
        .intoArray(acc, ao + 7 * L);
    ((FloatVector) f8.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 4])
        .fma(d0, FloatVector.fromArray(F, acc, ao + 8 * L))
        .intoArray(acc, ao + 8 * L);
    ((FloatVector) f9.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 4])
        .fma(d1, FloatVector.fromArray(F, acc, ao + 9 * L))
        .intoArray(acc, ao + 9 * L);
    ((FloatVector) f10.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 5])
        .fma(d0, FloatVector.fromArray(F, acc, ao + 10 * L))
        .intoArray(acc, ao + 10 * L);
    ((FloatVector) f11.convert(VectorOperators.I2F, 0))
        .mul(da[dao + 5])
        .fma(d1, FloatVector.fromArray(F, acc, ao + 11 * L))
        .intoArray(acc, ao + 11 * L);
  }

  /** {@code acc[token][2L] += Σ_j m_j[2L] · sums_j[token]}: minima times the inputs' sums. */
  static void minima(float[] m, int blocks, float[] sums, int so, float[] acc, int ao) {
    FloatVector f0 = FloatVector.fromArray(F, acc, ao);
    FloatVector f1 = FloatVector.fromArray(F, acc, ao + L);
    FloatVector f2 = FloatVector.fromArray(F, acc, ao + 2 * L);
    FloatVector f3 = FloatVector.fromArray(F, acc, ao + 3 * L);
    FloatVector f4 = FloatVector.fromArray(F, acc, ao + 4 * L);
    FloatVector f5 = FloatVector.fromArray(F, acc, ao + 5 * L);
    FloatVector f6 = FloatVector.fromArray(F, acc, ao + 6 * L);
    FloatVector f7 = FloatVector.fromArray(F, acc, ao + 7 * L);
    FloatVector f8 = FloatVector.fromArray(F, acc, ao + 8 * L);
    FloatVector f9 = FloatVector.fromArray(F, acc, ao + 9 * L);
    FloatVector f10 = FloatVector.fromArray(F, acc, ao + 10 * L);
    FloatVector f11 = FloatVector.fromArray(F, acc, ao + 11 * L);
    for (int j = 0; j < blocks; j++) {
      FloatVector m0 = FloatVector.fromArray(F, m, j * 2 * L);
      FloatVector m1 = FloatVector.fromArray(F, m, j * 2 * L + L);
      FloatVector b = FloatVector.broadcast(F, sums[so + j * TILE]);
      f0 = m0.fma(b, f0);
      f1 = m1.fma(b, f1);
      b = FloatVector.broadcast(F, sums[so + j * TILE + 1]);
      f2 = m0.fma(b, f2);
      f3 = m1.fma(b, f3);
      b = FloatVector.broadcast(F, sums[so + j * TILE + 2]);
      f4 = m0.fma(b, f4);
      f5 = m1.fma(b, f5);
      b = FloatVector.broadcast(F, sums[so + j * TILE + 3]);
      f6 = m0.fma(b, f6);
      f7 = m1.fma(b, f7);
      b = FloatVector.broadcast(F, sums[so + j * TILE + 4]);
      f8 = m0.fma(b, f8);
      f9 = m1.fma(b, f9);
      b = FloatVector.broadcast(F, sums[so + j * TILE + 5]);
      f10 = m0.fma(b, f10);
      f11 = m1.fma(b, f11);
    }
    f0.intoArray(acc, ao);
    f1.intoArray(acc, ao + L);
    f2.intoArray(acc, ao + 2 * L);
    f3.intoArray(acc, ao + 3 * L);
    f4.intoArray(acc, ao + 4 * L);
    f5.intoArray(acc, ao + 5 * L);
    f6.intoArray(acc, ao + 6 * L);
    f7.intoArray(acc, ao + 7 * L);
    f8.intoArray(acc, ao + 8 * L);
    f9.intoArray(acc, ao + 9 * L);
    f10.intoArray(acc, ao + 10 * L);
    f11.intoArray(acc, ao + 11 * L);
  }
}
