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
 * Weights of 4 bits, four of them in each 16-bit lane. A vector holds eight columns of L rows: the
 * lower 16 bits of a row's 32 those with even numbers, lowest bits first, the upper 16 the odd
 * ones. A block of 32 columns is four vectors.
 *
 * <p>For one input vector the fields need not be cut out. Let q hold the weights w₀ … w₃ and tᵢ be
 * q shifted right by 4i. Then wᵢ = tᵢ − 16·tᵢ₊₁, and Σ wᵢ·aᵢ = Σ tᵢ·(aᵢ − 16·aᵢ₋₁): a shift, a
 * multiplication and an addition for each, with {@linkplain #coefficients other inputs}. What
 * overflows 16 bits on the way does no harm, as the sum itself fits.
 */
final class Nibbles {
  /** Vectors of a block. */
  static final int VECTORS = 4;

  /** Bytes of a block for L rows. */
  static final int BYTES = VECTORS * 4 * L;

  private Nibbles() {}

  /** Puts the weight of a column of a block, 0 to 31, into a block's words at {@code at}. */
  static void put(short[] words, int at, int lane, int column, int weight) {
    words[index(at, lane, column)] |= (short) (weight << shift(column));
  }

  /** The weight of a column of the block at {@code at}. */
  static int get(MemorySegment w, long at, int lane, int column) {
    int word = w.get(Segments.SHORT, at + 2L * index(0, lane, column));
    return word >> shift(column) & 15;
  }

  private static int index(int at, int lane, int column) {
    return at + column / 8 * 2 * L + 2 * lane + column % 2;
  }

  private static int shift(int column) {
    return column / 2 % 4 * 4;
  }

  /** {@code q}, pairs of inputs: becomes the coefficients of the sums, {@code n} pairs. */
  static void coefficients(int[] q, int at, int n) {
    for (int i = at; i < at + n; i += 4) {
      q[i + 3] = minus16(q[i + 3], q[i + 2]);
      q[i + 2] = minus16(q[i + 2], q[i + 1]);
      q[i + 1] = minus16(q[i + 1], q[i]);
    }
  }

  /** a − 16·b in both halves. */
  private static int minus16(int a, int b) {
    return a - (b << 4) & 0xffff | (a >> 16) - (b >> 16 << 4) << 16;
  }

  /**
   * The sums of blocks, as halves.
   *
   * @param at where the first block begins; the others follow
   * @param a coefficients, 16 a block
   * @param start sums of the inputs of a block, as pairs
   * @param offset what is added to every weight
   * @param out takes {@code [block][L]}
   */
  static void sums(
      MemorySegment w,
      long at,
      int blocks,
      int[] a,
      int ao,
      int[] start,
      int so,
      int offset,
      int[] out) {
    for (int b = 0; b < blocks; b++) {
      ShortVector c =
          IntVector.broadcast(I, start[so + b]).reinterpretAsShorts().mul((short) offset);
      ShortVector e = ShortVector.zero(S);
      for (int v = 0; v < VECTORS; v++) {
        int i = ao + b * 16 + v * 4;
        ShortVector q = ShortVector.fromMemorySegment(S, w, at + b * (long) BYTES + v * 4L * L, LE);
        c = q.mul(IntVector.broadcast(I, a[i]).reinterpretAsShorts()).add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 4)
                .mul(IntVector.broadcast(I, a[i + 1]).reinterpretAsShorts())
                .add(e);
        c =
            q.lanewise(VectorOperators.LSHR, 8)
                .mul(IntVector.broadcast(I, a[i + 2]).reinterpretAsShorts())
                .add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 12)
                .mul(IntVector.broadcast(I, a[i + 3]).reinterpretAsShorts())
                .add(e);
      }
      c.add(e).reinterpretAsInts().intoArray(out, b * L);
    }
  }

  /**
   * Cuts the weights of a block out as pairs, less {@code offset}: {@code pairs[po + pair · 4L …]}.
   */
  static void unpack(MemorySegment w, long at, int offset, short[] pairs, int po) {
    for (int v = 0; v < VECTORS; v++) {
      ShortVector q = ShortVector.fromMemorySegment(S, w, at + v * 4L * L, LE);
      int to = po + v * 16 * L;
      q.and((short) 15).sub((short) offset).intoArray(pairs, to);
      q.lanewise(VectorOperators.LSHR, 4)
          .and((short) 15)
          .sub((short) offset)
          .intoArray(pairs, to + 4 * L);
      q.lanewise(VectorOperators.LSHR, 8)
          .and((short) 15)
          .sub((short) offset)
          .intoArray(pairs, to + 8 * L);
      q.lanewise(VectorOperators.LSHR, 12).sub((short) offset).intoArray(pairs, to + 12 * L);
    }
  }
}
