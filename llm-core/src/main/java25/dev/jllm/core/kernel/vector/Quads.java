package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.HALF_B;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;
import static dev.jllm.core.kernel.vector.Lanes.S;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Unpacking of 4-bit weights. */
final class Quads {
  private Quads() {}

  /**
   * {@code steps} words of L rows: lower halves of the bytes, less {@code offset}, to {@code
   * pairs[low + p · 4L …]}, upper halves to {@code pairs[high + p · 4L …]}.
   */
  static void unpack(
      MemorySegment w, long at, int steps, int offset, short[] pairs, int low, int high) {
    for (int p = 0; p < steps; p++) {
      ShortVector q =
          (ShortVector)
              ByteVector.fromMemorySegment(HALF_B, w, at + p * 2L * L, LE)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
      q.and((short) 15).sub((short) offset).intoArray(pairs, low + p * 4 * L);
      q.lanewise(VectorOperators.LSHR, 4).sub((short) offset).intoArray(pairs, high + p * 4 * L);
    }
  }
}
