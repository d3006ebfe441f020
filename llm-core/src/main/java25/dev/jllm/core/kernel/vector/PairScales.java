package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.L;

/** Scales of 2L rows × up to 256 columns, as {@link PairTile} wants them. */
final class PairScales {
  /** Scales of blocks, or of the unit: {@code [block][2L]}. */
  final float[] d = new float[16 * 2 * L];

  /** Integer scales {@code [block][2L]}. */
  final int[] sc = new int[16 * 2 * L];

  /** Minima {@code [block][2L]}. */
  final float[] m = new float[16 * 2 * L];
}
