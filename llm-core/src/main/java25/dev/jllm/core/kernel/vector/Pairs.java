package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.HALF_B;
import static dev.jllm.core.kernel.vector.Lanes.LE;
import static dev.jllm.core.kernel.vector.Lanes.S;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Words of two bytes as pairs of 16-bit lanes. */
final class Pairs {
  private Pairs() {}

  /** L words: the bytes, zero-extended. */
  static ShortVector load(MemorySegment w, long at) {
    return (ShortVector)
        ByteVector.fromMemorySegment(HALF_B, w, at, LE)
            .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
  }
}
