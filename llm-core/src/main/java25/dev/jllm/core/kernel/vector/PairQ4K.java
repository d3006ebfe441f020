package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.HALF_B;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;
import static dev.jllm.core.kernel.vector.Lanes.S;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_K: weight = d·sc·q − dmin·m in 8 blocks of 32. For each 64 columns the ints of {@link
 * KScales}, then 16 words of weights, lower halves for the first 32 columns, upper for the others.
 */
record PairQ4K() implements PairFormat {
  /** Words of 64 columns. */
  private static final int QUARTER = 18;

  @Override
  public int words() {
    return 4 * QUARTER;
  }

  @Override
  public boolean nested() {
    return true;
  }

  @Override
  public boolean minima() {
    return true;
  }

  @Override
  public void pack(short[] file, int fo, short[] unit, int uo) {
    KScales.pack(file, fo, unit, uo, QUARTER);
    for (int i = 0; i < 64; i++) {
      unit[uo + (i / 16 * QUARTER + 2 + i % 16) * L] = file[fo + 8 + i];
    }
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    KScales.restore(w, at, QUARTER, file);
    for (int i = 0; i < 64; i++) {
      int v = w.get(Segments.SHORT, at + (i / 16 * QUARTER + 2 + i % 16) * 2L * L);
      file[16 + 2 * i] = (byte) v;
      file[17 + 2 * i] = (byte) (v >> 8);
    }
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    KScales.unpack(w, at, QUARTER, 8, s, so);
    for (int j = 0; j < 4; j++) {
      int to = po + j * 128 * L;
      long weights = at + (j * QUARTER + 2) * 2L * L;
      Quads.unpack(w, weights, 16, 8, pairs, to, to + 64 * L);
    }
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    KScales.decode(PairQ4K::sums, QUARTER, w, at, columns, in, vector, out, scratch);
  }

  /**
   * The sums of all blocks. Scales are put aside on the way, so that memory is read once and in its
   * order: prefetchers lose their thread at every jump.
   */
  private static void sums(
      MemorySegment w, long at, int quarters, Input in, int ao, int so, int[] out, int[] scales) {
    int[] a = in.ints;
    ShortVector zero = ShortVector.zero(S);
    for (int j = 0; j < quarters; j++) {
      long o = at + j * (2L * L * QUARTER);
      int i = ao + j * 32;
      IntVector.fromMemorySegment(I, w, o, LE).intoArray(scales, j * L);
      o += 4L * L;
      ShortVector c = zero;
      ShortVector e = zero;
      for (int p = 0; p < 16; p++) {
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + p * 2L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c = q.and((short) 15).mul(IntVector.broadcast(I, a[i + p]).reinterpretAsShorts()).add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 4)
                .mul(IntVector.broadcast(I, a[i + p + 16]).reinterpretAsShorts())
                .add(e);
      }
      int to = j * 2 * L;
      IntVector x = c.reinterpretAsInts();
      x.lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 16)
          .add(x.lanewise(VectorOperators.ASHR, 16))
          .intoArray(out, to);
      x = e.reinterpretAsInts();
      x.lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 16)
          .add(x.lanewise(VectorOperators.ASHR, 16))
          .intoArray(out, to + L);
    }
  }
}
