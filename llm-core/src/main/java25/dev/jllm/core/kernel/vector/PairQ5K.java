package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;
import static dev.jllm.core.kernel.vector.Lanes.S;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q5_K: weight = d·sc·q − dmin·m in 8 blocks of 32. For each 64 columns the ints of {@link
 * KScales}, then for each of the two blocks five ints, whose 16-bit halves hold the weights of
 * columns of even and odd indices: three of 5 bits (columns 6k, 6k + 2 and 6k + 4 of a block in the
 * k-th int's lower half, at bits 0, 6 and 11) and at bit 5 one bit of the block's last pair, the
 * highest first. So a lane is used as it is loaded, and what a weight costs is a shift or a mask.
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
    for (int b = 0; b < 8; b++) {
      int last = pair(file, fo, b, 15);
      for (int k = 0; k < 5; k++) {
        int v =
            pair(file, fo, b, 3 * k)
                | pair(file, fo, b, 3 * k + 1) << 6
                | pair(file, fo, b, 3 * k + 2) << 11
                | (last >> 4 - k & 0x10001) << 5;
        Words.put(unit, uo, word(b, k), v);
      }
    }
  }

  /** The word where a block's {@code k}th int begins. */
  private static int word(int block, int k) {
    return block / 2 * QUARTER + 2 + block % 2 * 2 + 4 * k;
  }

  /** The weights of columns 2p and 2p + 1 of a block, in the halves of an int. */
  private static int pair(short[] file, int fo, int block, int p) {
    int four = file[fo + 24 + block / 2 * 16 + p] >> block % 2 * 4 & 0x0f0f;
    int v = four | (file[fo + 8 + p] >> block & 0x0101) << 4;
    return v & 31 | (v & 0x1f00) << 8;
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    Arrays.fill(file, (byte) 0);
    KScales.restore(w, at, QUARTER, file);
    for (int b = 0; b < 8; b++) {
      int last = 0;
      for (int k = 0; k < 5; k++) {
        int v = Words.get(w, at, word(b, k));
        put(file, b, 3 * k, v);
        put(file, b, 3 * k + 1, v >> 6);
        put(file, b, 3 * k + 2, v >> 11);
        last |= (v >> 5 & 0x10001) << 4 - k;
      }
      put(file, b, 15, last);
    }
  }

  private static void put(byte[] file, int block, int p, int pair) {
    for (int i = 2 * p; i < 2 * p + 2; i++) {
      int v = pair >> (i & 1) * 16;
      file[16 + i] |= (byte) ((v >> 4 & 1) << block);
      file[48 + block / 2 * 32 + i] |= (byte) ((v & 15) << block % 2 * 4);
    }
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    KScales.unpack(w, at, QUARTER, 16, s, so);
    for (int b = 0; b < 8; b++) {
      block(w, at + word(b, 0) * 2L * L, pairs, po + b * 64 * L);
    }
  }

  private static void block(MemorySegment w, long at, short[] pairs, int po) {
    ShortVector last = ShortVector.zero(S);
    for (int k = 0; k < 5; k++) {
      ShortVector q = IntVector.fromMemorySegment(I, w, at + k * 8L * L, LE).reinterpretAsShorts();
      int to = po + k * 12 * L;
      q.and((short) 31).sub((short) 16).intoArray(pairs, to);
      q.lanewise(VectorOperators.LSHR, 6)
          .and((short) 31)
          .sub((short) 16)
          .intoArray(pairs, to + 4 * L);
      q.lanewise(VectorOperators.LSHR, 11).sub((short) 16).intoArray(pairs, to + 8 * L);
      last = last.lanewise(VectorOperators.LSHL, 1).or(q.and((short) 32));
    }
    last.lanewise(VectorOperators.LSHR, 5).sub((short) 16).intoArray(pairs, po + 60 * L);
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
    ShortVector zero = ShortVector.zero(S);
    for (int j = 0; j < quarters; j++) {
      long o = at + j * (2L * L * QUARTER);
      int i = ao + j * 32;
      IntVector.fromMemorySegment(I, w, o, LE).intoArray(scales, j * L);
      o += 4L * L;
      int s0 = start[so + 2 * j];
      int s1 = start[so + 2 * j + 1];
      ShortVector c = IntVector.broadcast(I, s0).reinterpretAsShorts().mul((short) -16);
      ShortVector e = IntVector.broadcast(I, s1).reinterpretAsShorts().mul((short) -16);
      ShortVector g = zero;
      ShortVector h = zero;
      for (int k = 0; k < 5; k++) {
        ShortVector q = IntVector.fromMemorySegment(I, w, o + k * 8L * L, LE).reinterpretAsShorts();
        int p = i + 3 * k;
        c = q.and((short) 31).mul(IntVector.broadcast(I, a[p]).reinterpretAsShorts()).add(c);
        c =
            q.lanewise(VectorOperators.LSHR, 6)
                .and((short) 31)
                .mul(IntVector.broadcast(I, a[p + 1]).reinterpretAsShorts())
                .add(c);
        c =
            q.lanewise(VectorOperators.LSHR, 11)
                .mul(IntVector.broadcast(I, a[p + 2]).reinterpretAsShorts())
                .add(c);
        g = g.lanewise(VectorOperators.LSHL, 1).or(q.and((short) 32));
        q = IntVector.fromMemorySegment(I, w, o + (2 * k + 1) * 4L * L, LE).reinterpretAsShorts();
        e = q.and((short) 31).mul(IntVector.broadcast(I, a[p + 16]).reinterpretAsShorts()).add(e);
        e =
            q.lanewise(VectorOperators.LSHR, 6)
                .and((short) 31)
                .mul(IntVector.broadcast(I, a[p + 17]).reinterpretAsShorts())
                .add(e);
        e =
            q.lanewise(VectorOperators.LSHR, 11)
                .mul(IntVector.broadcast(I, a[p + 18]).reinterpretAsShorts())
                .add(e);
        h = h.lanewise(VectorOperators.LSHL, 1).or(q.and((short) 32));
      }
      c =
          g.lanewise(VectorOperators.LSHR, 5)
              .mul(IntVector.broadcast(I, a[i + 15]).reinterpretAsShorts())
              .add(c);
      e =
          h.lanewise(VectorOperators.LSHR, 5)
              .mul(IntVector.broadcast(I, a[i + 31]).reinterpretAsShorts())
              .add(e);
      IntVector x = c.reinterpretAsInts();
      x.lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 16)
          .add(x.lanewise(VectorOperators.ASHR, 16))
          .add(16 * ((short) s0 + (s0 >> 16)))
          .intoArray(out, j * 2 * L);
      x = e.reinterpretAsInts();
      x.lanewise(VectorOperators.LSHL, 16)
          .lanewise(VectorOperators.ASHR, 16)
          .add(x.lanewise(VectorOperators.ASHR, 16))
          .add(16 * ((short) s1 + (s1 >> 16)))
          .intoArray(out, j * 2 * L + L);
    }
  }
}
