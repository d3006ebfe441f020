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
 * Q6_K: weight = d·sc·(q − 32) in 16 blocks of 16. A unit of 256 columns consists of four quarters
 * and a word of d. A quarter begins with an int for every row: four scales, the first in the lowest
 * byte. Then come 8 times three words that belong together, one of upper bits (2 bits each of
 * columns 2p, 2p + 32, 2p + 64, 2p + 96) and two of lower bits (4 bits each of columns 2p and 2p +
 * 64, 2p + 32 and 2p + 96). So a group is read from its beginning to its end, which matters more
 * than anything else: the file's order, three places at a time, ran at a third of the speed.
 */
record PairQ6K() implements PairFormat {
  private static final int WORDS = 105;

  /** Words of a quarter. */
  private static final int QUARTER = 26;

  private static final int D = 104 * 2 * L;

  /** The byte of the file's block that holds scale {@code k} of a quarter. */
  private static int scale(int quarter, int k) {
    return 192 + (quarter >> 1) * 8 + (quarter & 1) + 2 * k;
  }

  /** The word of the file's block that is a quarter's {@code i}th word of weights. */
  private static int source(int quarter, int i) {
    int p = i / 3;
    int kind = i % 3;
    return kind == 0
        ? 64 + quarter * 8 + p
        : (quarter >> 1) * 32 + (quarter & 1) * 8 + (kind - 1) * 16 + p;
  }

  @Override
  public void pack(short[] file, int fo, short[] unit, int uo) {
    int lane = uo % L;
    for (int q = 0; q < 4; q++) {
      int at = uo + q * QUARTER * L;
      for (int k = 0; k < 4; k++) {
        int b = scale(q, k);
        int sc = file[fo + b / 2] >> b % 2 * 8 & 255;
        unit[at + lane + k / 2] = (short) (unit[at + lane + k / 2] | sc << k % 2 * 8);
      }
      for (int i = 0; i < 24; i++) {
        unit[at + (2 + i) * L] = file[fo + source(q, i)];
      }
    }
    unit[uo + 104 * L] = file[fo + 104];
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    long lane = at % (2 * L);
    for (int q = 0; q < 4; q++) {
      long from = at + q * 2L * L * QUARTER;
      int sc = w.get(Segments.INT, from + lane);
      for (int k = 0; k < 4; k++) {
        file[scale(q, k)] = (byte) (sc >> 8 * k);
      }
      for (int i = 0; i < 24; i++) {
        put(w, from + (2 + i) * 2L * L, file, source(q, i));
      }
    }
    put(w, at + D, file, 104);
  }

  private static void put(MemorySegment w, long at, byte[] file, int word) {
    int v = w.get(Segments.SHORT, at);
    file[2 * word] = (byte) v;
    file[2 * word + 1] = (byte) (v >> 8);
  }

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
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    Halves.load(w, at + D).intoArray(s.d, so);
    for (int b = 0; b < 16; b++) {
      int quarter = (b >> 3) * 2 + (b & 1);
      IntVector.fromMemorySegment(I, w, at + quarter * 2L * L * QUARTER, LE)
          .lanewise(VectorOperators.LSHL, 24 - 8 * (b >> 1 & 3))
          .lanewise(VectorOperators.ASHR, 24)
          .intoArray(s.sc, so + b * 2 * L);
    }
    for (int i = 0; i < 32; i++) {
      int first = (i >> 4) * 64 + (i & 15);
      word(w, at + ((i >> 3) * QUARTER + 2) * 2L * L + (i & 7) * 6L * L, pairs, po + first * 4 * L);
    }
  }

  /** The four pairs of columns whose upper bits stand in one word. */
  private static void word(MemorySegment w, long at, short[] pairs, int po) {
    ShortVector h = Pairs.load(w, at);
    ShortVector q = Pairs.load(w, at + 2 * L);
    q.and((short) 15)
        .or(h.and((short) 3).lanewise(VectorOperators.LSHL, 4))
        .sub((short) 32)
        .intoArray(pairs, po);
    q.lanewise(VectorOperators.LSHR, 4)
        .or(h.and((short) 0x30))
        .sub((short) 32)
        .intoArray(pairs, po + 32 * 4 * L);
    q = Pairs.load(w, at + 4 * L);
    q.and((short) 15)
        .or(h.and((short) 12).lanewise(VectorOperators.LSHL, 2))
        .sub((short) 32)
        .intoArray(pairs, po + 16 * 4 * L);
    q.lanewise(VectorOperators.LSHR, 4)
        .or(h.lanewise(VectorOperators.LSHR, 2).and((short) 0x30))
        .sub((short) 32)
        .intoArray(pairs, po + 48 * 4 * L);
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
      sums(w, from, n, in.ints, 128 * i, in.starts, starts + 16 * u, sums, scales);
      apply(w, from, scales, n, sums, in.floats, i, out);
    }
  }

  /**
   * The sums of all blocks, as halves, four of each quarter; scales are put aside on the way. The
   * sums start at −32·Σa, so that the raw bits may be multiplied.
   */
  private static void sums(
      MemorySegment w,
      long at,
      int units,
      int[] a,
      int ao,
      int[] start,
      int so,
      int[] out,
      int[] scales) {
    for (int j = 0; j < 4 * units; j++) {
      int b = (j >> 1) * 8 + (j & 1); // the first of the blocks
      long base = at + (j >> 2) * (2L * L * WORDS) + (j & 3) * (2L * L * QUARTER);
      IntVector.fromMemorySegment(I, w, base, LE).intoArray(scales, j * L);
      base += 4L * L;
      int s0 = so + b;
      int x0 = ao + b * 8;
      ShortVector c = IntVector.broadcast(I, start[s0]).reinterpretAsShorts().mul((short) -32);
      ShortVector e = IntVector.broadcast(I, start[s0 + 2]).reinterpretAsShorts().mul((short) -32);
      ShortVector f = IntVector.broadcast(I, start[s0 + 4]).reinterpretAsShorts().mul((short) -32);
      ShortVector g = IntVector.broadcast(I, start[s0 + 6]).reinterpretAsShorts().mul((short) -32);
      for (int p = 0; p < 8; p++) {
        ShortVector h =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, base + p * 6L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, base + p * 6L * L + 2 * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c =
            q.and((short) 15)
                .or(h.and((short) 3).lanewise(VectorOperators.LSHL, 4))
                .mul(IntVector.broadcast(I, a[x0 + p]).reinterpretAsShorts())
                .add(c);
        f =
            q.lanewise(VectorOperators.LSHR, 4)
                .or(h.and((short) 0x30))
                .mul(IntVector.broadcast(I, a[x0 + p + 32]).reinterpretAsShorts())
                .add(f);
        q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, base + p * 6L * L + 4 * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        e =
            q.and((short) 15)
                .or(h.and((short) 12).lanewise(VectorOperators.LSHL, 2))
                .mul(IntVector.broadcast(I, a[x0 + p + 16]).reinterpretAsShorts())
                .add(e);
        g =
            q.lanewise(VectorOperators.LSHR, 4)
                .or(h.lanewise(VectorOperators.LSHR, 2).and((short) 0x30))
                .mul(IntVector.broadcast(I, a[x0 + p + 48]).reinterpretAsShorts())
                .add(g);
      }
      int to = 4 * j * L;
      c.reinterpretAsInts().intoArray(out, to);
      e.reinterpretAsInts().intoArray(out, to + L);
      f.reinterpretAsInts().intoArray(out, to + 2 * L);
      g.reinterpretAsInts().intoArray(out, to + 3 * L);
    }
  }

  /** The scales applied to the sums; the results are added to {@code out}. */
  private static void apply(
      MemorySegment w,
      long at,
      int[] scales,
      int units,
      int[] s,
      float[] da,
      int dao,
      float[] out) {
    FloatVector acc = FloatVector.fromArray(F, out, 0);
    for (int u = 0; u < units; u++) {
      IntVector sum = IntVector.zero(I);
      for (int q = 4 * u; q < 4 * u + 4; q++) {
        IntVector sc = IntVector.fromArray(I, scales, q * L);
        for (int k = 0; k < 4; k++) {
          IntVector x = IntVector.fromArray(I, s, (4 * q + k) * L);
          x =
              x.lanewise(VectorOperators.LSHL, 16)
                  .lanewise(VectorOperators.ASHR, 16)
                  .add(x.lanewise(VectorOperators.ASHR, 16));
          sum =
              sc.lanewise(VectorOperators.LSHL, 24 - 8 * k)
                  .lanewise(VectorOperators.ASHR, 24)
                  .mul(x)
                  .add(sum);
        }
      }
      FloatVector d = Halves.load(w, at + u * (2L * L * WORDS) + D).mul(da[dao + u]);
      acc = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(d, acc);
    }
    acc.intoArray(out, 0);
  }
}
