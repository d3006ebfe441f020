package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.HALF_B;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;
import static dev.jllm.core.kernel.vector.Lanes.S;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_0: weight = d·(q − 8). Words of a unit of 32 columns: d, then 8 of weights, whose lower halves
 * are columns 0–15 and upper halves columns 16–31.
 */
record PairQ4() implements PairFormat {
  private static final int WORDS = 9;

  @Override
  public int words() {
    return WORDS;
  }

  /** 32 products of at most 8 · 127. */
  @Override
  public boolean narrow() {
    return true;
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    Halves.load(w, at).intoArray(s.d, so);
    Quads.unpack(w, at + 2 * L, 8, 8, pairs, po, po + 32 * L);
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    int starts = vector * PairInput.startsPerVector(columns) + columns / 16;
    int blocks = columns / 32;
    group(
        w,
        at,
        blocks,
        in.ints,
        vector * (columns / 2),
        in.starts,
        starts,
        in.floats,
        vector * blocks,
        out);
  }

  /**
   * The sums start at −8·Σa, so that the raw bits may be multiplied. The loop is written out by
   * four so that the compiler never considers putting this method into another one, whose budget it
   * would exceed.
   */
  private static void group(
      MemorySegment w,
      long at,
      int blocks,
      int[] a,
      int ao,
      int[] start,
      int so,
      float[] da,
      int dao,
      float[] out) {
    FloatVector acc = FloatVector.zero(F);
    ShortVector zero = ShortVector.zero(S);
    for (int b = 0; b < blocks; b++) {
      long o = at + b * (2L * L * WORDS) + 2 * L;
      ShortVector c = IntVector.broadcast(I, start[so + b]).reinterpretAsShorts().mul((short) -8);
      ShortVector e = zero;
      for (int p = 0; p < 8; p++) {
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + p * 2L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c =
            q.and((short) 15)
                .mul(IntVector.broadcast(I, a[ao + b * 16 + p]).reinterpretAsShorts())
                .add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 4)
                .mul(IntVector.broadcast(I, a[ao + b * 16 + p + 8]).reinterpretAsShorts())
                .add(e);
      }
      IntVector x = c.add(e).reinterpretAsInts();
      IntVector s = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      FloatVector d = Halves.load(w, o - 2 * L).mul(da[dao + b]);
      acc = ((FloatVector) s.convert(VectorOperators.I2F, 0)).fma(d, acc);
    }
    acc.intoArray(out, 0);
  }
}
