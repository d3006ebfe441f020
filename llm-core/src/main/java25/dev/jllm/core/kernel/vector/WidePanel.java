package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.S;
import static dev.jllm.core.kernel.vector.PairTile.TILE;

import dev.jllm.core.kernel.Input;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Matrix × matrix of repacked weights whose products do not fit 16 bits: 2L rows become floats, and
 * a tile of inputs is multiplied with them by {@link FloatTile}, the roles exchanged.
 */
final class WidePanel {
  private WidePanel() {}

  /**
   * {@code panel[column][2L]} from pairs of weights of {@code n} columns and their scales.
   *
   * @param block columns that have a scale in common
   */
  static void fill(short[] pairs, PairScales scales, int block, int n, float[] panel) {
    for (int side = 0; side < 2 * L; side += L) {
      for (int b = 0; b < n; b += block) {
        FloatVector d = FloatVector.fromArray(F, scales.d, b / block * 2 * L + side);
        for (int c = b; c < b + block; c += 2) {
          IntVector two = ShortVector.fromArray(S, pairs, c * 2 * L + 2 * side).reinterpretAsInts();
          IntVector even = two.lanewise(VectorOperators.LSHL, 16);
          even = even.lanewise(VectorOperators.ASHR, 16);
          IntVector odd = two.lanewise(VectorOperators.ASHR, 16);
          ((FloatVector) even.convert(VectorOperators.I2F, 0))
              .mul(d)
              .intoArray(panel, c * 2 * L + side);
          ((FloatVector) odd.convert(VectorOperators.I2F, 0))
              .mul(d)
              .intoArray(panel, (c + 1) * 2 * L + side);
        }
      }
    }
  }

  /**
   * {@code acc[token][2L] +=} columns {@code c … c + n − 1} of tile {@code t}.
   *
   * @param x room for a tile's columns
   */
  static void multiply(
      Input in, int t, int c, int n, float[] panel, float[] x, float[] acc, int ao) {
    for (int i = 0; i < TILE; i++) {
      int v = t * TILE + i;
      int to = i * FloatTile.COLUMNS;
      if (v < in.count) {
        System.arraycopy(in.x, in.at + v * in.stride + c, x, to, n);
      } else {
        Arrays.fill(x, to, to + n, 0);
      }
    }
    FloatTile.wide(panel, 0, x, 0, n, acc, ao, 2 * L);
  }
}
