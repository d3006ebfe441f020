package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Scales of blocks of 32 that have one of their own, applied to the sums of a group of rows. */
final class BlockScales {
  /** Blocks whose sums are put aside before the scales are applied. */
  static final int STRETCH = 16;

  private BlockScales() {}

  /**
   * {@code out[L] += Σ_b s_b[L] · d_b[L] · da_b}.
   *
   * @param s sums, as two halves of an int each {@code [block][L]}
   */
  static void apply(float[] d, int blocks, int[] s, float[] da, int dao, float[] out) {
    FloatVector acc = FloatVector.fromArray(F, out, 0);
    for (int b = 0; b < blocks; b++) {
      IntVector x = IntVector.fromArray(I, s, b * L);
      x =
          x.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(x.lanewise(VectorOperators.ASHR, 16));
      FloatVector scale = FloatVector.fromArray(F, d, b * L).mul(da[dao + b]);
      acc = ((FloatVector) x.convert(VectorOperators.I2F, 0)).fma(scale, acc);
    }
    acc.intoArray(out, 0);
  }

  /** The same of sums that are whole ints. */
  static void applyWhole(float[] d, int blocks, int[] s, float[] da, int dao, float[] out) {
    FloatVector acc = FloatVector.fromArray(F, out, 0);
    for (int b = 0; b < blocks; b++) {
      FloatVector x =
          (FloatVector) IntVector.fromArray(I, s, b * L).convert(VectorOperators.I2F, 0);
      acc = x.fma(FloatVector.fromArray(F, d, b * L).mul(da[dao + b]), acc);
    }
    acc.intoArray(out, 0);
  }

  /** {@code out[L] += Σ_b m_b[L] · sums_b}. */
  static void minima(float[] m, int blocks, float[] sums, int so, float[] out) {
    FloatVector acc = FloatVector.fromArray(F, out, 0);
    for (int b = 0; b < blocks; b++) {
      FloatVector sum = FloatVector.broadcast(F, sums[so + b]);
      acc = FloatVector.fromArray(F, m, b * L).fma(sum, acc);
    }
    acc.intoArray(out, 0);
  }
}
