package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.HALF_S;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
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

  /** An int for each row takes the place of two words of the lane {@code uo % L}. */
  static void put(short[] unit, int uo, int word, int v) {
    int lane = uo % L;
    int to = uo - lane + word * L + 2 * lane;
    unit[to] = (short) v;
    unit[to + 1] = (short) (v >> 16);
  }

  /** The reverse. */
  static int get(MemorySegment w, long at, int word) {
    long lane = at % (2 * L);
    return w.get(Segments.INT, at - lane + word * 2L * L + 2 * lane);
  }
}
