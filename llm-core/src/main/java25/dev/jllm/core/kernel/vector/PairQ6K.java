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
 * Q6_K: weight = d·sc·(q − 32) in 16 blocks of 16. Words of a unit of 256 columns: 32 times three
 * words that belong together, one of upper bits (2 bits each of columns 2p, 2p + 32, 2p + 64, 2p +
 * 96) and two of lower bits (4 bits each of columns 2p and 2p + 64, 2p + 32 and 2p + 96), then 8 of
 * two scales, then d. So a group is read from its beginning to its end, which matters more than
 * anything else: the file's order, three places at a time, ran at a third of the speed.
 */
record PairQ6K() implements PairFormat {
  private static final int WORDS = 105;
  private static final int SCALES = 96 * 2 * L;
  private static final int D = 104 * 2 * L;

  /** The word of the file that stands at {@code word}. */
  private static int source(int word) {
    if (word >= 96) {
      return word;
    }
    int j = word / 24; // 2 · half + side
    int p = word / 3 % 8;
    int kind = word % 3;
    return kind == 0 ? 64 + j * 8 + p : (j >> 1) * 32 + (j & 1) * 8 + (kind - 1) * 16 + p;
  }

  @Override
  public void pack(short[] file, int fo, short[] unit, int uo) {
    for (int i = 0; i < WORDS; i++) {
      unit[uo + i * L] = file[fo + source(i)];
    }
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    for (int i = 0; i < WORDS; i++) {
      int v = w.get(Segments.SHORT, at + 2L * L * i);
      file[2 * source(i)] = (byte) v;
      file[2 * source(i) + 1] = (byte) (v >> 8);
    }
  }

  @Override
  public int unit() {
    return 256;
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
  public boolean minima() {
    return false;
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    Halves.load(w, at + D).intoArray(s.d, so);
    for (int j = 0; j < 8; j++) {
      IntVector two = Words.load(w, at + SCALES + j * 2L * L);
      two.lanewise(VectorOperators.LSHL, 24)
          .lanewise(VectorOperators.ASHR, 24)
          .intoArray(s.sc, so + 2 * j * 2 * L);
      two.lanewise(VectorOperators.ASHR, 8).intoArray(s.sc, so + (2 * j + 1) * 2 * L);
    }
    for (int i = 0; i < 32; i++) {
      int first = (i >> 4) * 64 + (i & 15);
      word(w, at + i * 6L * L, pairs, po + first * 4 * L);
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
    int units = columns / 256;
    int[] sums = scratch.ints(0, 16 * units * L);
    int starts = vector * PairInput.startsPerVector(columns);
    sums(w, at, units, in.ints, vector * (columns / 2), in.starts, starts, sums);
    scale(w, at, units, sums, in.floats, vector * units, out);
  }

  /**
   * The sums of all blocks, as halves: 2i, 2i + 2, 2i + 4, 2i + 6 of 128 columns together. They
   * start at −32·Σa, so that the raw bits may be multiplied.
   */
  private static void sums(
      MemorySegment w, long at, int units, int[] a, int ao, int[] start, int so, int[] out) {
    for (int j = 0; j < 4 * units; j++) {
      int b = (j >> 1) * 8 + (j & 1); // the first of the blocks
      long base = at + (j >> 2) * (2L * L * WORDS) + (j & 3) * 48L * L;
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
      c.reinterpretAsInts().intoArray(out, b * L);
      e.reinterpretAsInts().intoArray(out, (b + 2) * L);
      f.reinterpretAsInts().intoArray(out, (b + 4) * L);
      g.reinterpretAsInts().intoArray(out, (b + 6) * L);
    }
  }

  /** The scales applied to the sums. */
  private static void scale(
      MemorySegment w, long at, int units, int[] s, float[] da, int dao, float[] out) {
    FloatVector acc = FloatVector.zero(F);
    for (int u = 0; u < units; u++) {
      long base = at + u * (2L * L * WORDS);
      IntVector sum = IntVector.zero(I);
      for (int j = 0; j < 8; j++) {
        IntVector two = Words.load(w, base + SCALES + j * 2L * L);
        IntVector x = IntVector.fromArray(I, s, (u * 16 + 2 * j) * L);
        IntVector y = IntVector.fromArray(I, s, (u * 16 + 2 * j + 1) * L);
        x =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16));
        y =
            y.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(y.lanewise(VectorOperators.ASHR, 16));
        sum =
            two.lanewise(VectorOperators.LSHL, 24)
                .lanewise(VectorOperators.ASHR, 24)
                .mul(x)
                .add(sum);
        sum = two.lanewise(VectorOperators.ASHR, 8).mul(y).add(sum);
      }
      FloatVector d = Halves.load(w, base + D).mul(da[dao + u]);
      acc = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(d, acc);
    }
    acc.intoArray(out, 0);
  }
}
