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
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q5_K: weight = d·sc·q − dmin·m in 8 blocks of 32. For each 64 columns the ints of {@link
 * KScales}, then four times a word of fifth bits (bit i of a byte belongs to the lower half, bit 4
 * + i to the upper half of the i-th word after it) and four words of lower bits, lower halves for
 * the first 32 columns, upper for the others.
 *
 * <p>Sixteen products of 5 unsigned bits do not fit a lane, so weights count from −16.
 */
record PairQ5K() implements PairFormat {
  /** Words of 64 columns. */
  private static final int QUARTER = 22;

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
      int quarter = i / 16;
      int five = file[fo + 8 + i % 16] >> 2 * quarter;
      int bits = (five & 0x101 | (five & 0x202) << 3) << i % 4;
      int to = uo + bits(i) * L;
      unit[to] = (short) (unit[to] | bits);
      unit[to + (1 + i % 4) * L] = file[fo + 24 + i];
    }
  }

  /** The word of fifth bits of the {@code i}th word of lower bits. */
  private static int bits(int i) {
    return i / 16 * QUARTER + 2 + i % 16 / 4 * 5;
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    Arrays.fill(file, (byte) 0);
    KScales.restore(w, at, QUARTER, file);
    for (int i = 0; i < 64; i++) {
      long from = at + bits(i) * 2L * L;
      int five = w.get(Segments.SHORT, from) >> i % 4;
      int bits = (five & 0x101 | five >> 3 & 0x202) << 2 * (i / 16);
      int v = w.get(Segments.SHORT, from + (1 + i % 4) * 2L * L);
      int to = 16 + 2 * (i % 16);
      file[to] |= (byte) bits;
      file[to + 1] |= (byte) (bits >> 8);
      file[48 + 2 * i] = (byte) v;
      file[49 + 2 * i] = (byte) (v >> 8);
    }
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    KScales.unpack(w, at, QUARTER, 16, s, so);
    for (int i = 0; i < 64; i += 4) {
      four(w, at + bits(i) * 2L * L, pairs, po + (i / 16 * 32 + i % 16) * 4 * L);
    }
  }

  private static void four(MemorySegment w, long o, short[] pairs, int po) {
    ShortVector h = Pairs.load(w, o);
    for (int i = 0; i < 4; i++) {
      ShortVector q = Pairs.load(w, o + (1 + i) * 2L * L);
      q.and((short) 15)
          .or(h.lanewise(VectorOperators.LSHL, 4 - i).and((short) 16))
          .sub((short) 16)
          .intoArray(pairs, po + i * 4 * L);
      q.lanewise(VectorOperators.LSHR, 4)
          .or(h.lanewise(VectorOperators.LSHR, i).and((short) 16))
          .sub((short) 16)
          .intoArray(pairs, po + (16 + i) * 4 * L);
    }
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    KScales.decode(PairQ5K::sums, QUARTER, w, at, columns, in, vector, out, scratch);
  }

  /**
   * The sums of all blocks. They start at −16·Σa, so that the raw bits may be multiplied; what lies
   * beyond 16 bits is made good in the end.
   */
  private static void sums(
      MemorySegment w, long at, int quarters, Input in, int ao, int so, int[] out, int[] scales) {
    int[] a = in.ints;
    int[] start = in.starts;
    for (int j = 0; j < quarters; j++) {
      long o = at + j * (2L * L * QUARTER);
      int i = ao + j * 32;
      IntVector.fromMemorySegment(I, w, o, LE).intoArray(scales, j * L);
      o += 4L * L;
      int s0 = start[so + 2 * j];
      int s1 = start[so + 2 * j + 1];
      ShortVector c = IntVector.broadcast(I, s0).reinterpretAsShorts().mul((short) -16);
      ShortVector e = IntVector.broadcast(I, s1).reinterpretAsShorts().mul((short) -16);
      for (int p = 0; p < 16; p += 4) {
        ShortVector h =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + 2L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c =
            q.and((short) 15)
                .or(h.lanewise(VectorOperators.LSHL, 4).and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p + 0]).reinterpretAsShorts())
                .add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 4)
                .or(h.and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p + 16]).reinterpretAsShorts())
                .add(e);
        q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + 4L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c =
            q.and((short) 15)
                .or(h.lanewise(VectorOperators.LSHL, 3).and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p + 1]).reinterpretAsShorts())
                .add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 4)
                .or(h.lanewise(VectorOperators.LSHR, 1).and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p + 17]).reinterpretAsShorts())
                .add(e);
        q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + 6L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c =
            q.and((short) 15)
                .or(h.lanewise(VectorOperators.LSHL, 2).and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p + 2]).reinterpretAsShorts())
                .add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 4)
                .or(h.lanewise(VectorOperators.LSHR, 2).and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p + 18]).reinterpretAsShorts())
                .add(e);
        q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + 8L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c =
            q.and((short) 15)
                .or(h.lanewise(VectorOperators.LSHL, 1).and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p + 3]).reinterpretAsShorts())
                .add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 4)
                .or(h.lanewise(VectorOperators.LSHR, 3).and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p + 19]).reinterpretAsShorts())
                .add(e);
        o += 10L * L;
      }
      int to = j * 2 * L;
      IntVector x = c.reinterpretAsInts();
      x.lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 16)
          .add(x.lanewise(VectorOperators.ASHR, 16))
          .add(16 * ((short) s0 + (s0 >> 16)))
          .intoArray(out, to);
      x = e.reinterpretAsInts();
      x.lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 16)
          .add(x.lanewise(VectorOperators.ASHR, 16))
          .add(16 * ((short) s1 + (s1 >> 16)))
          .intoArray(out, to + L);
    }
  }
}
