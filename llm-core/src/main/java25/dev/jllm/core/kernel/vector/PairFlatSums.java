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
 * Brings the sums of {@link PairTile}, whose two halves are added here, to scale where each block
 * has a scale of its own. All twelve vectors of a tile go side by side: none waits for another, and
 * each scale is loaded once.
 */
final class PairFlatSums {
  /** Blocks of 32 columns in a whole stretch; the compiler knows the number, which is faster. */
  private static final int BLOCKS = PairInput.STRETCH / 32;

  private PairFlatSums() {}

  /**
   * {@code acc[token][2L] += Σ_j sums_j · d_j[2L] · da_j[token]} over a whole stretch of blocks
   * with a scale of their own.
   *
   * @param da scales of the inputs {@code [block][6]}
   */
  static void flat(int[] o, float[] d, float[] da, int dao, float[] acc, int ao) {
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
    for (int j = 0; j < BLOCKS; j++) {
      int at = j * VECTORS * L;
      FloatVector d0 = FloatVector.fromArray(F, d, j * 2 * L);
      FloatVector d1 = FloatVector.fromArray(F, d, j * 2 * L + L);
      FloatVector a = FloatVector.broadcast(F, da[dao + j * TILE]);
      IntVector x = IntVector.fromArray(I, o, at);
      IntVector y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f0 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f0);
      x = IntVector.fromArray(I, o, at + L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f1 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f1);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 1]);
      x = IntVector.fromArray(I, o, at + 2 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f2 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f2);
      x = IntVector.fromArray(I, o, at + 3 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f3 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f3);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 2]);
      x = IntVector.fromArray(I, o, at + 4 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f4 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f4);
      x = IntVector.fromArray(I, o, at + 5 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f5 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f5);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 3]);
      x = IntVector.fromArray(I, o, at + 6 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f6 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f6);
      x = IntVector.fromArray(I, o, at + 7 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f7 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f7);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 4]);
      x = IntVector.fromArray(I, o, at + 8 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f8 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f8);
      x = IntVector.fromArray(I, o, at + 9 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f9 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f9);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 5]);
      x = IntVector.fromArray(I, o, at + 10 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f10 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f10);
      x = IntVector.fromArray(I, o, at + 11 * L);
      y =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      f11 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f11);
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

  /** As {@link #flat}, where both halves together fit 16 bits. */
  static void flatNarrow(int[] o, float[] d, float[] da, int dao, float[] acc, int ao) {
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
    for (int j = 0; j < BLOCKS; j++) {
      int at = j * VECTORS * L;
      FloatVector d0 = FloatVector.fromArray(F, d, j * 2 * L);
      FloatVector d1 = FloatVector.fromArray(F, d, j * 2 * L + L);
      FloatVector a = FloatVector.broadcast(F, da[dao + j * TILE]);
      IntVector x = IntVector.fromArray(I, o, at);
      IntVector y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f0 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f0);
      x = IntVector.fromArray(I, o, at + L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f1 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f1);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 1]);
      x = IntVector.fromArray(I, o, at + 2 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f2 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f2);
      x = IntVector.fromArray(I, o, at + 3 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f3 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f3);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 2]);
      x = IntVector.fromArray(I, o, at + 4 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f4 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f4);
      x = IntVector.fromArray(I, o, at + 5 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f5 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f5);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 3]);
      x = IntVector.fromArray(I, o, at + 6 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f6 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f6);
      x = IntVector.fromArray(I, o, at + 7 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f7 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f7);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 4]);
      x = IntVector.fromArray(I, o, at + 8 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f8 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f8);
      x = IntVector.fromArray(I, o, at + 9 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f9 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f9);
      a = FloatVector.broadcast(F, da[dao + j * TILE + 5]);
      x = IntVector.fromArray(I, o, at + 10 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f10 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d0, f10);
      x = IntVector.fromArray(I, o, at + 11 * L);
      y = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      f11 = ((FloatVector) y.convert(VectorOperators.I2F, 0)).mul(a).fma(d1, f11);
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

  /** As {@link #flat} for the shorter stretch at the end of a row. */
  static void flatEnd(int[] o, int blocks, float[] d, float[] da, int dao, float[] acc, int ao) {
    for (int i = 0; i < VECTORS; i++) {
      FloatVector f = FloatVector.fromArray(F, acc, ao + i * L);
      for (int j = 0; j < blocks; j++) {
        IntVector x = IntVector.fromArray(I, o, (j * VECTORS + i) * L);
        IntVector y =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16));
        f =
            ((FloatVector) y.convert(VectorOperators.I2F, 0))
                .mul(da[dao + j * TILE + i / 2])
                .fma(FloatVector.fromArray(F, d, (2 * j + (i & 1)) * L), f);
      }
      f.intoArray(acc, ao + i * L);
    }
  }
}
