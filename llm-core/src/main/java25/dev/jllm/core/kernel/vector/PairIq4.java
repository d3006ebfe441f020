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
 * IQ4_NL and IQ4_XS: weight = d·level(q), with 16 levels of 8 bits. Words of a unit: of IQ4_NL (32
 * columns) d, of IQ4_XS (256 columns, where each 32 have a scale beside d) the two ints of {@link
 * SixScales}; then for each 32 columns 8 of weights, whose lower halves are columns 0–15 and upper
 * halves columns 16–31.
 */
record PairIq4(boolean xs) implements PairFormat {
  private static final ShortVector LOWER =
      table(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

  /** Where a vector does not hold 16 levels, the upper eight. */
  private static final ShortVector UPPER = table(1, 13, 25, 38, 53, 69, 89, 113);

  /** The levels in as many lanes as there are, again and again. */
  private static ShortVector table(int... levels) {
    short[] lanes = new short[S.length()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = (short) levels[i % levels.length];
    }
    return ShortVector.fromArray(S, lanes, 0);
  }

  @Override
  public int unit() {
    return xs ? 256 : 32;
  }

  @Override
  public int words() {
    return xs ? 68 : 9;
  }

  /** The word where weights begin, in the file, too. */
  private int weights() {
    return xs ? 4 : 1;
  }

  @Override
  public boolean wide() {
    return true;
  }

  @Override
  public void pack(short[] file, int fo, short[] unit, int uo) {
    for (int i = xs ? weights() : 0; i < words(); i++) {
      unit[uo + i * L] = file[fo + i];
    }
    for (int i = 0; xs && i < 2; i++) {
      int low = file[fo + 2 + i];
      int high = file[fo + 1] >> 8 * i;
      int v =
          SixScales.pack(
              low & 15 | (high & 3) << 4,
              low >> 4 & 15 | (high >> 2 & 3) << 4,
              low >> 8 & 15 | (high >> 4 & 3) << 4,
              low >> 12 & 15 | (high >> 6 & 3) << 4,
              file[fo] & 0xffff,
              i);
      Words.put(unit, uo, 2 * i, v);
    }
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    PairFormat.super.restore(w, at, file);
    for (int i = 0; xs && i < 2; i++) {
      int four = Words.get(w, at, 2 * i);
      int s0 = SixScales.restore(four, 0);
      int s1 = SixScales.restore(four, 1);
      int s2 = SixScales.restore(four, 2);
      int s3 = SixScales.restore(four, 3);
      file[i] = (byte) (four >> 24);
      file[2 + i] = (byte) (s0 >> 4 | s1 >> 4 << 2 | s2 >> 4 << 4 | s3 >> 4 << 6);
      file[4 + 2 * i] = (byte) (s0 & 15 | s1 << 4);
      file[5 + 2 * i] = (byte) (s2 & 15 | s3 << 4);
    }
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    scales(w, at, xs, s.d, so, 2 * L);
    for (int b = 0; b < unit() / 32; b++) {
      levels(w, at + (weights() + b * 8) * 2L * L, pairs, po + b * 64 * L);
    }
  }

  /** The weights of a block. */
  private static void levels(MemorySegment w, long at, short[] pairs, int po) {
    for (int p = 0; p < 8; p++) {
      ShortVector q =
          (ShortVector)
              ByteVector.fromMemorySegment(HALF_B, w, at + p * 2L * L, LE)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
      level(q).intoArray(pairs, po + p * 4 * L);
      level(q.lanewise(VectorOperators.LSHR, 4)).intoArray(pairs, po + (p + 8) * 4 * L);
    }
  }

  /**
   * The scales at the beginning of a unit, {@code step} apart. Neither branch handles vectors: the
   * one that another format made the rarer would not be compiled with its caller, and they would
   * become objects.
   */
  private static void scales(MemorySegment w, long at, boolean xs, float[] out, int to, int step) {
    if (xs) {
      eight(w, at, out, to, step);
    } else {
      one(w, at, out, to);
    }
  }

  private static void one(MemorySegment w, long at, float[] out, int to) {
    Halves.load(w, at).intoArray(out, to);
  }

  private static void eight(MemorySegment w, long at, float[] out, int to, int step) {
    IntVector x = IntVector.fromMemorySegment(I, w, at, LE);
    IntVector y = IntVector.fromMemorySegment(I, w, at + 4 * L, LE);
    FloatVector d = SixScales.d(x, y);
    for (int k = 0; k < 4; k++) {
      ((FloatVector) SixScales.scale(x, k).convert(VectorOperators.I2F, 0))
          .mul(d)
          .intoArray(out, to + k * step);
      ((FloatVector) SixScales.scale(y, k).convert(VectorOperators.I2F, 0))
          .mul(d)
          .intoArray(out, to + (k + 4) * step);
    }
  }

  /** The level that the lowest four bits choose; indices count modulo the number of lanes. */
  private static ShortVector level(ShortVector q) {
    if (S.length() >= 16) {
      return q.selectFrom(LOWER);
    }
    ShortVector upper = q.selectFrom(UPPER);
    return q.selectFrom(LOWER)
        .blend(upper, q.and((short) 8).compare(VectorOperators.NE, (short) 0));
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
      long from = at + b * 32L / unit() * words() * 2 * L;
      sums(w, from, n, xs, in.ints, 16 * i, sums, d);
      BlockScales.applyWhole(d, n, sums, in.floats, i, out);
    }
  }

  /**
   * The sums of all blocks; scales are put aside on the way. Two products fill 16 bits, so every
   * two are added to ints: upper halves shifted down, lower halves (made positive, so that they
   * stay apart from the upper ones) with the upper ones where they are.
   */
  private static void sums(
      MemorySegment w, long at, int blocks, boolean xs, int[] a, int ao, int[] out, float[] d) {
    ShortVector positive = IntVector.broadcast(I, 0x8000).reinterpretAsShorts();
    long o = at;
    for (int b = 0; b < blocks; b++) {
      if (!xs || b % 8 == 0) {
        scales(w, o, xs, d, b * L, L);
        o += xs ? 8L * L : 2L * L;
      }
      int i = ao + b * 16;
      IntVector both = IntVector.zero(I);
      IntVector upper = both;
      for (int p = 0; p < 8; p++) {
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + p * 2L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        IntVector two =
            level(q)
                .mul(IntVector.broadcast(I, a[i + p]).reinterpretAsShorts())
                .add(
                    level(q.lanewise(VectorOperators.LSHR, 4))
                        .mul(IntVector.broadcast(I, a[i + p + 8]).reinterpretAsShorts()))
                .add(positive)
                .reinterpretAsInts();
        both = both.add(two);
        upper = upper.add(two.lanewise(VectorOperators.ASHR, 16));
      }
      both.sub(upper.lanewise(VectorOperators.LSHL, 16))
          .sub(8 * 0x8000)
          .add(upper)
          .intoArray(out, b * L);
      o += 16L * L;
    }
  }
}
