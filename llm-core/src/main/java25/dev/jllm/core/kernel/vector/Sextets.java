package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;
import static dev.jllm.core.kernel.vector.Lanes.S;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights of 6 bits, eight of them in three 16-bit lanes: w₀, w₁ and the lower 4 bits of w₂ in the
 * first, w₃, w₄ and those of w₅ in the second, w₆, w₇ and the upper bits of w₂ and w₅ in the third.
 * As in {@link Nibbles}, the lower 16 bits of a row's 32 are columns with even numbers, the upper
 * ones those with odd numbers; three vectors are a block of 16 columns of L rows, and the inputs
 * are changed so that the fields need not be cut out.
 */
final class Sextets {
  /** Coefficients of a block. */
  static final int COEFFICIENTS = 10;

  /** Bytes of a block for L rows. */
  static final int BYTES = 12 * L;

  private static final int[] VECTOR = {0, 0, 0, 1, 1, 1, 2, 2};
  private static final int[] SHIFT = {0, 6, 12, 0, 6, 12, 0, 6};

  private Sextets() {}

  /** Puts the weight of a column of a block, 0 to 15, into a block's words at {@code at}. */
  static void put(short[] words, int at, int lane, int column, int weight) {
    int p = column / 2;
    int i = at + 2 * lane + column % 2;
    words[i + VECTOR[p] * 2 * L] |= (short) (weight << SHIFT[p]);
    if (SHIFT[p] == 12) {
      words[i + 4 * L] |= (short) (weight >> 4 << (p == 2 ? 12 : 14));
    }
  }

  /** The weight of a column of the block at {@code at}. */
  static int get(MemorySegment w, long at, int lane, int column) {
    int p = column / 2;
    long i = at + 4L * lane + 2 * (column % 2);
    int low = (w.get(Segments.SHORT, i + VECTOR[p] * 4L * L) & 0xffff) >> SHIFT[p] & 63;
    if (SHIFT[p] < 12) {
      return low;
    }
    return low | (w.get(Segments.SHORT, i + 8L * L) >> (p == 2 ? 12 : 14) & 3) << 4;
  }

  /** Pairs of inputs {@code q[at …]}: the coefficients of the sums, to {@code out[to …]}. */
  static void coefficients(int[] q, int at, int pairs, int[] out, int to) {
    for (int i = at, o = to; i < at + pairs; i += 8, o += COEFFICIENTS) {
      out[o] = q[i];
      out[o + 1] = combine(1, q[i + 1], 64, q[i]);
      out[o + 2] = combine(1, q[i + 2], 64, q[i + 1]);
      out[o + 3] = q[i + 3];
      out[o + 4] = combine(1, q[i + 4], 64, q[i + 3]);
      out[o + 5] = combine(1, q[i + 5], 64, q[i + 4]);
      out[o + 6] = q[i + 6];
      out[o + 7] = combine(1, q[i + 7], 64, q[i + 6]);
      out[o + 8] = combine(16, q[i + 2], 64, q[i + 7]);
      out[o + 9] = combine(16, q[i + 5], 64, q[i + 2]);
    }
  }

  /** f·a − g·b in both halves. */
  private static int combine(int f, int a, int g, int b) {
    return f * a - g * b & 0xffff | f * (a >> 16) - g * (b >> 16) << 16;
  }

  /**
   * The sums of blocks, as halves; the weights count from −32.
   *
   * @param at where the first block begins; the others follow
   * @param start sums of the inputs of a block, as pairs
   * @param out takes {@code [block][L]}
   */
  static void sums(
      MemorySegment w, long at, int blocks, int[] a, int ao, int[] start, int so, int[] out) {
    for (int b = 0; b < blocks; b++) {
      int i = ao + b * COEFFICIENTS;
      long o = at + b * (long) BYTES;
      ShortVector c = IntVector.broadcast(I, start[so + b]).reinterpretAsShorts().mul((short) -32);
      ShortVector e = ShortVector.zero(S);
      ShortVector q = ShortVector.fromMemorySegment(S, w, o, LE);
      c = q.mul(IntVector.broadcast(I, a[i]).reinterpretAsShorts()).add(c);
      e = shifted(q, 6).mul(IntVector.broadcast(I, a[i + 1]).reinterpretAsShorts()).add(e);
      c = shifted(q, 12).mul(IntVector.broadcast(I, a[i + 2]).reinterpretAsShorts()).add(c);
      q = ShortVector.fromMemorySegment(S, w, o + 4 * L, LE);
      e = q.mul(IntVector.broadcast(I, a[i + 3]).reinterpretAsShorts()).add(e);
      c = shifted(q, 6).mul(IntVector.broadcast(I, a[i + 4]).reinterpretAsShorts()).add(c);
      e = shifted(q, 12).mul(IntVector.broadcast(I, a[i + 5]).reinterpretAsShorts()).add(e);
      q = ShortVector.fromMemorySegment(S, w, o + 8 * L, LE);
      c = q.mul(IntVector.broadcast(I, a[i + 6]).reinterpretAsShorts()).add(c);
      e = shifted(q, 6).mul(IntVector.broadcast(I, a[i + 7]).reinterpretAsShorts()).add(e);
      c = shifted(q, 12).mul(IntVector.broadcast(I, a[i + 8]).reinterpretAsShorts()).add(c);
      e = shifted(q, 14).mul(IntVector.broadcast(I, a[i + 9]).reinterpretAsShorts()).add(e);
      c.add(e).reinterpretAsInts().intoArray(out, b * L);
    }
  }

  private static ShortVector shifted(ShortVector q, int bits) {
    return q.lanewise(VectorOperators.LSHR, bits);
  }

  /** Cuts the weights of a block out as pairs, less 32: {@code pairs[po + pair · 4L …]}. */
  static void unpack(MemorySegment w, long at, short[] pairs, int po) {
    ShortVector h = ShortVector.fromMemorySegment(S, w, at + 8 * L, LE);
    two(h, pairs, po + 24 * L);
    ShortVector q = ShortVector.fromMemorySegment(S, w, at, LE);
    two(q, pairs, po);
    shifted(q, 12).or(shifted(h, 8).and((short) 48)).sub((short) 32).intoArray(pairs, po + 8 * L);
    q = ShortVector.fromMemorySegment(S, w, at + 4 * L, LE);
    two(q, pairs, po + 12 * L);
    shifted(q, 12).or(shifted(h, 10).and((short) 48)).sub((short) 32).intoArray(pairs, po + 20 * L);
  }

  private static void two(ShortVector q, short[] pairs, int po) {
    q.and((short) 63).sub((short) 32).intoArray(pairs, po);
    shifted(q, 6).and((short) 63).sub((short) 32).intoArray(pairs, po + 4 * L);
  }
}
