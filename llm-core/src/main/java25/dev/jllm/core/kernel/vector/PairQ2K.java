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
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q2_K: weight = d·sc·q − dmin·m in 16 blocks of 16. A unit of 256 columns has four quarters and
 * two words, d and dmin. A quarter begins with an int for every row: four bytes, each the scale
 * (lower half) and the minimum (upper half) of a block. Then come 8 words of weights, 2 bits each
 * of columns 2p + 32j, as in the file.
 */
record PairQ2K() implements PairFormat {
  private static final int WORDS = 42;

  /** Words of a quarter. */
  private static final int QUARTER = 10;

  private static final int D = 40 * 2 * L;

  @Override
  public int words() {
    return WORDS;
  }

  @Override
  public int block() {
    return 16;
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
  public int minimaBlock() {
    return 16;
  }

  /** The first block of a quarter; the others are two apart. */
  private static int block(int quarter) {
    return (quarter >> 1) * 8 + (quarter & 1);
  }

  @Override
  public void pack(short[] file, int fo, short[] unit, int uo) {
    for (int q = 0; q < 4; q++) {
      int v = 0;
      for (int k = 0; k < 4; k++) {
        int b = block(q) + 2 * k;
        v |= (file[fo + b / 2] >> b % 2 * 8 & 255) << 8 * k;
      }
      Words.put(unit, uo, q * QUARTER, v);
    }
    for (int i = 0; i < 34; i++) {
      unit[uo + target(i) * L] = file[fo + 8 + i];
    }
  }

  /** Where the words behind the scales go. */
  private static int target(int i) {
    return i < 32 ? i / 8 * QUARTER + 2 + i % 8 : 8 + i;
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    for (int q = 0; q < 4; q++) {
      int v = Words.get(w, at, q * QUARTER);
      for (int k = 0; k < 4; k++) {
        file[block(q) + 2 * k] = (byte) (v >> 8 * k);
      }
    }
    for (int i = 0; i < 34; i++) {
      int v = w.get(Segments.SHORT, at + 2L * L * target(i));
      file[16 + 2 * i] = (byte) v;
      file[17 + 2 * i] = (byte) (v >> 8);
    }
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    Halves.load(w, at + D).intoArray(s.d, so);
    FloatVector dMin = Halves.load(w, at + D + 2 * L).neg();
    for (int q = 0; q < 4; q++) {
      IntVector four = IntVector.fromMemorySegment(I, w, at + q * 2L * L * QUARTER, LE);
      for (int k = 0; k < 4; k++) {
        IntVector sm = four.lanewise(VectorOperators.LSHR, 8 * k);
        scales(sm, dMin, s, so + (block(q) + 2 * k) * 2 * L);
      }
    }
    for (int i = 0; i < 32; i++) {
      int first = (i >> 4) * 64 + (i & 15);
      word(Pairs.load(w, at + target(i) * 2L * L), pairs, po + first * 4 * L);
    }
  }

  private static void scales(IntVector sm, FloatVector dMin, PairScales s, int so) {
    sm.and(15).intoArray(s.sc, so);
    ((FloatVector) sm.lanewise(VectorOperators.LSHR, 4).and(15).convert(VectorOperators.I2F, 0))
        .mul(dMin)
        .intoArray(s.m, so);
  }

  private static void word(ShortVector q, short[] pairs, int po) {
    q.and((short) 3).intoArray(pairs, po);
    q.lanewise(VectorOperators.LSHR, 2).and((short) 3).intoArray(pairs, po + 64 * L);
    q.lanewise(VectorOperators.LSHR, 4).and((short) 3).intoArray(pairs, po + 128 * L);
    q.lanewise(VectorOperators.LSHR, 6).intoArray(pairs, po + 192 * L);
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    int[] sums = scratch.ints(0, 16 * KScales.STRETCH * L);
    int[] scales = scratch.ints(1, 4 * KScales.STRETCH * L);
    int units = columns / 256;
    int starts = vector * PairInput.startsPerVector(columns);
    Arrays.fill(out, 0, L, 0);
    for (int u = 0; u < units; u += KScales.STRETCH) {
      int n = Math.min(KScales.STRETCH, units - u);
      int i = vector * units + u;
      long from = at + u * (2L * L * WORDS);
      sums(w, from, n, in.ints, 128 * i, sums, scales);
      apply(w, from, scales, n, sums, in.floats, i, in.starts, starts + 16 * u, out);
    }
  }

  /**
   * The sums of all blocks, as halves, four of each quarter. Where bits stand two places too high,
   * so does the sum.
   */
  private static void sums(
      MemorySegment w, long at, int units, int[] a, int ao, int[] out, int[] scales) {
    ShortVector zero = ShortVector.zero(S);
    for (int j = 0; j < 4 * units; j++) {
      int b = (j >> 1) * 8 + (j & 1); // the first of the blocks
      long base = at + (j >> 2) * (2L * L * WORDS) + (j & 3) * (2L * L * QUARTER);
      IntVector.fromMemorySegment(I, w, base, LE).intoArray(scales, j * L);
      base += 4L * L;
      int x0 = ao + b * 8;
      ShortVector c = zero;
      ShortVector e = zero;
      ShortVector f = zero;
      ShortVector g = zero;
      for (int p = 0; p < 8; p++) {
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, base + p * 2L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c = q.and((short) 3).mul(IntVector.broadcast(I, a[x0 + p]).reinterpretAsShorts()).add(c);
        e =
            q.and((short) 12)
                .mul(IntVector.broadcast(I, a[x0 + p + 16]).reinterpretAsShorts())
                .add(e);
        q = q.lanewise(VectorOperators.LSHR, 4);
        f =
            q.and((short) 3)
                .mul(IntVector.broadcast(I, a[x0 + p + 32]).reinterpretAsShorts())
                .add(f);
        g =
            q.and((short) 12)
                .mul(IntVector.broadcast(I, a[x0 + p + 48]).reinterpretAsShorts())
                .add(g);
      }
      int to = 4 * j * L;
      c.reinterpretAsInts().intoArray(out, to);
      e.lanewise(VectorOperators.ASHR, 2).reinterpretAsInts().intoArray(out, to + L);
      f.reinterpretAsInts().intoArray(out, to + 2 * L);
      g.lanewise(VectorOperators.ASHR, 2).reinterpretAsInts().intoArray(out, to + 3 * L);
    }
  }

  /** Scales applied to the sums, and minima to those of the inputs; the results are added. */
  private static void apply(
      MemorySegment w,
      long at,
      int[] scales,
      int units,
      int[] s,
      float[] da,
      int dao,
      int[] start,
      int so,
      float[] out) {
    FloatVector acc = FloatVector.fromArray(F, out, 0);
    for (int u = 0; u < units; u++) {
      IntVector sum = IntVector.zero(I);
      IntVector min = sum;
      for (int j = 4 * u; j < 4 * u + 4; j++) {
        int b = so + (j >> 1) * 8 + (j & 1);
        IntVector sm = IntVector.fromArray(I, scales, j * L);
        for (int k = 0; k < 4; k++) {
          IntVector x = IntVector.fromArray(I, s, (4 * j + k) * L);
          x =
              x.lanewise(VectorOperators.LSHL, 16)
                  .lanewise(VectorOperators.ASHR, 16)
                  .add(x.lanewise(VectorOperators.ASHR, 16));
          sum = sm.and(15).mul(x).add(sum);
          sm = sm.lanewise(VectorOperators.LSHR, 4);
          int two = start[b + 2 * k];
          min = sm.and(15).mul((short) two + (two >> 16)).add(min);
          sm = sm.lanewise(VectorOperators.LSHR, 4);
        }
      }
      long tail = at + u * (2L * L * WORDS) + D;
      FloatVector d = Halves.load(w, tail).mul(da[dao + u]);
      FloatVector m = Halves.load(w, tail + 2 * L).mul(da[dao + u]);
      acc = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(d, acc);
      acc = acc.sub(((FloatVector) min.convert(VectorOperators.I2F, 0)).mul(m));
    }
    acc.intoArray(out, 0);
  }
}
