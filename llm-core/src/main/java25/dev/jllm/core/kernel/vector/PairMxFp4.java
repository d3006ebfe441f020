package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.HALF_B;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;
import static dev.jllm.core.kernel.vector.Lanes.S;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * MXFP4 (OCP Microscaling v1.0): weight = 2^(e − 127)·v, where v is a float of 4 bits (E2M1), whose
 * double is an integer. Words of a unit of 64 columns, two blocks of the file: one of two
 * exponents, then for each block 8 of weights, whose lower halves are columns 0–15 and upper halves
 * columns 16–31.
 */
record PairMxFp4() implements PairFormat {
  private static final int WORDS = 17;

  /** Twice the numbers, in as many lanes as there are. */
  private static final ShortVector TABLE = table();

  private static ShortVector table() {
    short[] values = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
    short[] lanes = new short[S.length()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = values[i & 15];
    }
    return ShortVector.fromArray(S, lanes, 0);
  }

  @Override
  public int unit() {
    return 64;
  }

  @Override
  public int words() {
    return WORDS;
  }

  /** The byte of the file's two blocks that stands at byte {@code i}. */
  private static int source(int i) {
    return i < 2 ? 17 * i : i < 18 ? i - 1 : i;
  }

  @Override
  public void pack(short[] file, int fo, short[] unit, int uo) {
    for (int i = 0; i < WORDS; i++) {
      int low = source(2 * i);
      int high = source(2 * i + 1);
      unit[uo + i * L] =
          (short)
              (file[fo + low / 2] >> low % 2 * 8 & 255 | file[fo + high / 2] >> high % 2 * 8 << 8);
    }
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    for (int i = 0; i < WORDS; i++) {
      int v = w.get(Segments.SHORT, at + 2L * L * i);
      file[source(2 * i)] = (byte) v;
      file[source(2 * i + 1)] = (byte) (v >> 8);
    }
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    for (int b = 0; b < 2; b++) {
      scale(w, at, b).intoArray(s.d, so + b * 2 * L);
      for (int p = 0; p < 8; p++) {
        ShortVector q = Pairs.load(w, at + (1 + b * 8 + p) * 2L * L);
        int to = po + (b * 16 + p) * 4 * L;
        value(q).intoArray(pairs, to);
        value(q.lanewise(VectorOperators.LSHR, 4)).intoArray(pairs, to + 32 * L);
      }
    }
  }

  /** Twice the number that the lowest four bits stand for; the table repeats every 16 lanes. */
  private static ShortVector value(ShortVector q) {
    if (S.length() >= 16) {
      return q.selectFrom(TABLE);
    }
    ShortVector sign = q.lanewise(VectorOperators.LSHL, 12).lanewise(VectorOperators.ASHR, 15);
    return q.and((short) 7).selectFrom(TABLE).lanewise(VectorOperators.XOR, sign).sub(sign);
  }

  /** Half of 2^(e − 127); the two smallest are subnormal. */
  private static FloatVector scale(MemorySegment w, long at, int block) {
    IntVector e = Words.load(w, at).lanewise(VectorOperators.LSHR, 8 * block).and(255);
    return e.sub(1)
        .lanewise(VectorOperators.LSHL, 23)
        .blend(e.add(1).lanewise(VectorOperators.LSHL, 21), e.compare(VectorOperators.LT, 2))
        .reinterpretAsFloats();
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    int[] sums = scratch.ints(0, BlockScales.STRETCH * L);
    float[] d = scratch.floats(1, BlockScales.STRETCH * L);
    int blocks = columns / 32;
    Arrays.fill(out, 0, L, 0);
    for (int b = 0; b < blocks; b += BlockScales.STRETCH) {
      int n = Math.min(BlockScales.STRETCH, blocks - b);
      int i = vector * blocks + b;
      sums(w, at + b * (long) (L * WORDS), n, in.ints, 16 * i, sums, d);
      BlockScales.apply(d, n, sums, in.floats, i, out);
    }
  }

  /** The sums of all blocks, as halves; scales are put aside on the way. */
  private static void sums(
      MemorySegment w, long at, int blocks, int[] a, int ao, int[] out, float[] d) {
    ShortVector zero = ShortVector.zero(S);
    for (int b = 0; b < blocks; b++) {
      long unit = at + (b >> 1) * (2L * L * WORDS);
      scale(w, unit, b & 1).intoArray(d, b * L);
      long o = unit + 2 * L + (b & 1) * 16L * L;
      ShortVector c = zero;
      ShortVector e = zero;
      for (int p = 0; p < 8; p++) {
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + p * 2L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c = value(q).mul(IntVector.broadcast(I, a[ao + b * 16 + p]).reinterpretAsShorts()).add(c);
        e =
            value(q.lanewise(VectorOperators.LSHR, 4))
                .mul(IntVector.broadcast(I, a[ao + b * 16 + p + 8]).reinterpretAsShorts())
                .add(e);
      }
      c.add(e).reinterpretAsInts().intoArray(out, b * L);
    }
  }
}
