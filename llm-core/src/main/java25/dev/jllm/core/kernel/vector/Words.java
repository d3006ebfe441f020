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

  /** Copies the word at {@code at} to two bytes. */
  static void restore(MemorySegment w, long at, byte[] to, int offset) {
    int v = w.get(Segments.SHORT, at);
    to[offset] = (byte) v;
    to[offset + 1] = (byte) (v >> 8);
  }
}
