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
 * Q3_K: weight = d·sc·(q − 4) in 16 blocks of 16. A unit of 256 columns has two halves, one of the
 * even blocks, one of the odd ones. Each begins with two ints for every row: scales of four blocks,
 * 6 signed bits each, and in the first one's upper byte a byte of d. Then come 8 times three words
 * that belong together, with the 3 bits of columns 2p + 32j in this order from the lowest bits: j =
 * 0, 1 in the first, 2, 3 in the second, 4, 5 in the third word, whose 2 bits left hold the lower
 * bits of j = 6, the lower bits of j = 7, the upper bits of j = 6 and j = 7.
 *
 * <p>So six weights of eight are masked where they stand: a sum of eight times the weights fits a
 * lane, too.
 */
record PairQ3K() implements PairFormat {
  /** Words of a half. */
  private static final int HALF = 28;

  @Override
  public int words() {
    return 2 * HALF;
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
  public void pack(short[] file, int fo, short[] unit, int uo) {
    for (int p = 0; p < 16; p++) {
      int i = uo + word(p) * L;
      int six = weights(file, fo, p, 6);
      int seven = weights(file, fo, p, 7);
      int first = weights(file, fo, p, 0) | weights(file, fo, p, 1) << 3;
      int second = weights(file, fo, p, 2) | weights(file, fo, p, 3) << 3;
      int third = weights(file, fo, p, 4) | weights(file, fo, p, 5) << 3;
      unit[i] = (short) (first | (six & 0x303) << 6);
      unit[i + L] = (short) (second | (seven & 0x303) << 6);
      unit[i + 2 * L] = (short) (third | (six & 0x404) << 4 | (seven & 0x404) << 5);
    }
    for (int h = 0; h < 2; h++) {
      Words.put(unit, uo, h * HALF, scales(file, fo, h, h));
      Words.put(unit, uo, h * HALF + 2, scales(file, fo, 8 + h, 2));
    }
  }

  /** The first of three words with columns 2p + 32j. */
  private static int word(int p) {
    return (p >> 3) * HALF + 4 + (p & 7) * 3;
  }

  /** Scales of blocks b, b + 2, b + 4, b + 6, and byte {@code i} of d. */
  private static int scales(short[] file, int fo, int b, int i) {
    return SixScales.pack(
        scale(file, fo, b),
        scale(file, fo, b + 2),
        scale(file, fo, b + 4),
        scale(file, fo, b + 6),
        file[fo + 54] & 0xffff,
        i);
  }

  /** The weights of columns 2p + 32j and 2p + 32j + 1, one in each byte. */
  private static int weights(short[] file, int fo, int p, int j) {
    int low = file[fo + 16 + (j >> 2) * 16 + p] >> 2 * (j & 3) & 0x303;
    return low | (file[fo + p] >> j & 0x101) << 2;
  }

  /** The scale of a block, from 32 on: 4 bits of 16 places and 2 bits of 4. */
  private static int scale(short[] file, int fo, int b) {
    int low = file[fo + 48 + (b & 7) / 2] >> (b & 1) * 8 + (b >> 3) * 4 & 15;
    int high = file[fo + 52 + (b & 3) / 2] >> (b & 1) * 8 + (b >> 2) * 2 & 3;
    return low | high << 4;
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    Arrays.fill(file, (byte) 0);
    for (int p = 0; p < 16; p++) {
      long o = at + word(p) * 2L * L;
      int first = w.get(Segments.SHORT, o);
      int second = w.get(Segments.SHORT, o + 2 * L);
      int third = w.get(Segments.SHORT, o + 4 * L);
      put(file, p, 0, first);
      put(file, p, 1, first >> 3);
      put(file, p, 2, second);
      put(file, p, 3, second >> 3);
      put(file, p, 4, third);
      put(file, p, 5, third >> 3);
      put(file, p, 6, first >> 6 & 0x303 | third >> 4 & 0x404);
      put(file, p, 7, second >> 6 & 0x303 | third >> 5 & 0x404);
    }
    for (int b = 0; b < 16; b++) {
      int h = b & 1;
      int s = SixScales.restore(Words.get(w, at, h * HALF + (b >> 3) * 2), b >> 1 & 3);
      file[96 + (b & 7)] |= (byte) ((s & 15) << (b >> 3) * 4);
      file[104 + (b & 3)] |= (byte) ((s >> 4 & 3) << (b >> 2) * 2);
      file[108 + h] = (byte) (Words.get(w, at, h * HALF) >> 24);
    }
  }

  private static void put(byte[] file, int p, int j, int two) {
    for (int i = 2 * p; i < 2 * p + 2; i++) {
      int v = two >> (i & 1) * 8;
      file[32 + (j >> 2) * 32 + i] |= (byte) ((v & 3) << 2 * (j & 3));
      file[i] |= (byte) ((v >> 2 & 1) << j);
    }
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    IntVector x = IntVector.fromMemorySegment(I, w, at, LE);
    IntVector y = IntVector.fromMemorySegment(I, w, at + HALF * 2L * L, LE);
    SixScales.d(x, y).intoArray(s.d, so);
    for (int b = 0; b < 16; b++) {
      long from = at + ((b & 1) * HALF + (b >> 3) * 2) * 2L * L;
      SixScales.scale(IntVector.fromMemorySegment(I, w, from, LE), b >> 1 & 3)
          .intoArray(s.sc, so + b * 2 * L);
    }
    for (int p = 0; p < 16; p++) {
      words(w, at + word(p) * 2L * L, pairs, po + p * 4 * L);
    }
  }

  private static void words(MemorySegment w, long at, short[] pairs, int po) {
    ShortVector x = Pairs.load(w, at);
    ShortVector y = Pairs.load(w, at + 2 * L);
    ShortVector z = Pairs.load(w, at + 4 * L);
    two(x, pairs, po);
    two(y, pairs, po + 128 * L);
    two(z, pairs, po + 256 * L);
    x.lanewise(VectorOperators.LSHR, 6)
        .or(z.lanewise(VectorOperators.LSHR, 4).and((short) 4))
        .sub((short) 4)
        .intoArray(pairs, po + 384 * L);
    y.lanewise(VectorOperators.LSHR, 6)
        .or(z.lanewise(VectorOperators.LSHR, 5).and((short) 4))
        .sub((short) 4)
        .intoArray(pairs, po + 448 * L);
  }

  private static void two(ShortVector q, short[] pairs, int po) {
    q.and((short) 7).sub((short) 4).intoArray(pairs, po);
    q.lanewise(VectorOperators.LSHR, 3).and((short) 7).sub((short) 4).intoArray(pairs, po + 64 * L);
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
      long from = at + u * (4L * L * HALF);
      sums(w, from, 2 * n, in.ints, 128 * i, in.starts, starts + 16 * u, sums, scales);
      apply(scales, n, sums, in.floats, i, out);
    }
  }

  /**
   * The sums of all blocks, as halves. They start at −4·Σa, or eight times that, so that the raw
   * bits may be multiplied.
   */
  private static void sums(
      MemorySegment w,
      long at,
      int halves,
      int[] a,
      int ao,
      int[] start,
      int so,
      int[] out,
      int[] scales) {
    for (int j = 0; j < halves; j++) {
      long base = at + j * (2L * L * HALF);
      IntVector.fromMemorySegment(I, w, base, LE).intoArray(scales, 2 * j * L);
      IntVector.fromMemorySegment(I, w, base + 4 * L, LE).intoArray(scales, (2 * j + 1) * L);
      base += 8L * L;
      int b = (j >> 1) * 16 + (j & 1); // the first of the blocks
      int x0 = ao + b * 8;
      int s0 = so + b;
      ShortVector c0 = IntVector.broadcast(I, start[s0]).reinterpretAsShorts().mul((short) -4);
      ShortVector c1 = IntVector.broadcast(I, start[s0 + 2]).reinterpretAsShorts().mul((short) -32);
      ShortVector c2 = IntVector.broadcast(I, start[s0 + 4]).reinterpretAsShorts().mul((short) -4);
      ShortVector c3 = IntVector.broadcast(I, start[s0 + 6]).reinterpretAsShorts().mul((short) -32);
      ShortVector c4 = IntVector.broadcast(I, start[s0 + 8]).reinterpretAsShorts().mul((short) -4);
      ShortVector c5 =
          IntVector.broadcast(I, start[s0 + 10]).reinterpretAsShorts().mul((short) -32);
      ShortVector c6 = IntVector.broadcast(I, start[s0 + 12]).reinterpretAsShorts().mul((short) -4);
      ShortVector c7 = IntVector.broadcast(I, start[s0 + 14]).reinterpretAsShorts().mul((short) -4);
      for (int p = 0; p < 8; p++) {
        long o = base + p * 6L * L;
        ShortVector x =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        ShortVector y =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + 2 * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        ShortVector z =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + 4 * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c0 = x.and((short) 7).mul(IntVector.broadcast(I, a[x0 + p]).reinterpretAsShorts()).add(c0);
        c1 =
            x.and((short) 0x38)
                .mul(IntVector.broadcast(I, a[x0 + p + 16]).reinterpretAsShorts())
                .add(c1);
        c2 =
            y.and((short) 7)
                .mul(IntVector.broadcast(I, a[x0 + p + 32]).reinterpretAsShorts())
                .add(c2);
        c3 =
            y.and((short) 0x38)
                .mul(IntVector.broadcast(I, a[x0 + p + 48]).reinterpretAsShorts())
                .add(c3);
        c4 =
            z.and((short) 7)
                .mul(IntVector.broadcast(I, a[x0 + p + 64]).reinterpretAsShorts())
                .add(c4);
        c5 =
            z.and((short) 0x38)
                .mul(IntVector.broadcast(I, a[x0 + p + 80]).reinterpretAsShorts())
                .add(c5);
        c6 =
            x.lanewise(VectorOperators.LSHR, 6)
                .or(z.lanewise(VectorOperators.LSHR, 4).and((short) 4))
                .mul(IntVector.broadcast(I, a[x0 + p + 96]).reinterpretAsShorts())
                .add(c6);
        c7 =
            y.lanewise(VectorOperators.LSHR, 6)
                .or(z.lanewise(VectorOperators.LSHR, 5).and((short) 4))
                .mul(IntVector.broadcast(I, a[x0 + p + 112]).reinterpretAsShorts())
                .add(c7);
      }
      int to = j * 8 * L;
      c0.reinterpretAsInts().intoArray(out, to);
      c1.lanewise(VectorOperators.ASHR, 3).reinterpretAsInts().intoArray(out, to + L);
      c2.reinterpretAsInts().intoArray(out, to + 2 * L);
      c3.lanewise(VectorOperators.ASHR, 3).reinterpretAsInts().intoArray(out, to + 3 * L);
      c4.reinterpretAsInts().intoArray(out, to + 4 * L);
      c5.lanewise(VectorOperators.ASHR, 3).reinterpretAsInts().intoArray(out, to + 5 * L);
      c6.reinterpretAsInts().intoArray(out, to + 6 * L);
      c7.reinterpretAsInts().intoArray(out, to + 7 * L);
    }
  }

  /** The scales applied to the sums; the results are added to {@code out}. */
  private static void apply(int[] scales, int units, int[] s, float[] da, int dao, float[] out) {
    FloatVector acc = FloatVector.fromArray(F, out, 0);
    for (int u = 0; u < units; u++) {
      IntVector sum = IntVector.zero(I);
      for (int i = 4 * u; i < 4 * u + 4; i++) {
        IntVector sc = IntVector.fromArray(I, scales, i * L);
        for (int k = 0; k < 4; k++) {
          IntVector x = IntVector.fromArray(I, s, (4 * i + k) * L);
          x =
              x.lanewise(VectorOperators.LSHL, 16)
                  .lanewise(VectorOperators.ASHR, 16)
                  .add(x.lanewise(VectorOperators.ASHR, 16));
          sum =
              sc.lanewise(VectorOperators.LSHL, 26 - 6 * k)
                  .lanewise(VectorOperators.ASHR, 26)
                  .mul(x)
                  .add(sum);
        }
      }
      FloatVector d =
          SixScales.d(
                  IntVector.fromArray(I, scales, 4 * u * L),
                  IntVector.fromArray(I, scales, (4 * u + 2) * L))
              .mul(da[dao + u]);
      acc = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(d, acc);
    }
    acc.intoArray(out, 0);
  }
}
