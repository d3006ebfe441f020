package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.HALF_S;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.LE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** 16-bit words as ints. */
final class Words {
  private Words() {}

  /** L words, sign-extended. */
  static IntVector load(MemorySegment w, long at) {
    return (IntVector)
        ShortVector.fromMemorySegment(HALF_S, w, at, LE).convertShape(VectorOperators.S2I, I, 0);
  }
}
