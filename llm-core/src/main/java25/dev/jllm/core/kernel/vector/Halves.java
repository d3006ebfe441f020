package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.HALF_S;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.LE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** F16 by integer operations: the Vector API has no conversion of its own. */
final class Halves {
  /** What is left of a sign-extended half after a shift by 13: the sign and the float's bits. */
  static final int MASK = 0x8fffe000;

  /** The exponent counts from −127 instead of −15 then. */
  static final float BIAS = 0x1p112f;

  private Halves() {}

  /** L finite halves as floats. */
  static FloatVector load(MemorySegment w, long at) {
    IntVector q =
        (IntVector)
            ShortVector.fromMemorySegment(HALF_S, w, at, LE)
                .convertShape(VectorOperators.S2I, I, 0);
    return q.lanewise(VectorOperators.LSHL, 13).and(MASK).reinterpretAsFloats().mul(BIAS);
  }
}
