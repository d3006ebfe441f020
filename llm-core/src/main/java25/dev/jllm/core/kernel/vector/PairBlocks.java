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
 * Q4_1: weight = d·q + m, Q5_0: d·(q − 16), Q5_1: d·q + m. Words of a unit of 32 columns: d, m
 * where there is one, two of fifth bits (bit p of a byte belongs to the p-th word of weights) where
 * there are any, then 8 of weights, whose lower halves are columns 0–15 and upper halves columns
 * 16–31.
 *
 * <p>Sixteen products of 5 unsigned bits do not fit a lane, so five bits count from −16 always.
 */
record PairBlocks(boolean fifth, boolean minimum) implements PairFormat {
  @Override
  public int words() {
    return 8 + bits() + (fifth ? 2 : 0);
  }

  /** The word where fifth bits or weights begin. */
  private int bits() {
    return minimum ? 2 : 1;
  }

  @Override
  public boolean minima() {
    return minimum;
  }

  @Override
  public void pack(short[] file, int fo, short[] unit, int uo) {
    PairFormat.super.pack(file, fo, unit, uo);
    if (fifth) {
      for (int i = bits(); i < bits() + 2; i++) {
        int v = file[fo + i];
        unit[uo + i * L] = (short) (Integer.compress(v, 0x5555) | Integer.compress(v, 0xaaaa) << 8);
      }
    }
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    PairFormat.super.restore(w, at, file);
    if (fifth) {
      for (int i = 2 * bits(); i < 2 * bits() + 4; i += 2) {
        int v = Integer.expand(file[i], 0x5555) | Integer.expand(file[i + 1], 0xaaaa);
        file[i] = (byte) v;
        file[i + 1] = (byte) (v >> 8);
      }
    }
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    FloatVector d = Halves.load(w, at);
    d.intoArray(s.d, so);
    if (minimum) {
      Halves.load(w, at + 2 * L).add(d.mul(fifth ? 16 : 0)).intoArray(s.m, so);
    }
    long bits = at + bits() * 2L * L;
    if (fifth) {
      unpackFive(w, bits, pairs, po);
    } else {
      Quads.unpack(w, bits, 8, 0, pairs, po, po + 32 * L);
    }
  }

  private static void unpackFive(MemorySegment w, long at, short[] pairs, int po) {
    ShortVector h0 = Pairs.load(w, at).lanewise(VectorOperators.LSHL, 4);
    ShortVector h1 = Pairs.load(w, at + 2 * L).lanewise(VectorOperators.LSHL, 4);
    for (int p = 0; p < 8; p++) {
      ShortVector q = Pairs.load(w, at + (2 + p) * 2L * L);
      q.and((short) 15).or(h0.and((short) 16)).sub((short) 16).intoArray(pairs, po + p * 4 * L);
      q.lanewise(VectorOperators.LSHR, 4)
          .or(h1.and((short) 16))
          .sub((short) 16)
          .intoArray(pairs, po + (8 + p) * 4 * L);
      h0 = h0.lanewise(VectorOperators.LSHR, 1);
      h1 = h1.lanewise(VectorOperators.LSHR, 1);
    }
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    int[] sums = scratch.ints(0, BlockScales.STRETCH * L);
    float[] d = scratch.floats(1, BlockScales.STRETCH * L);
    float[] m = scratch.floats(2, BlockScales.STRETCH * L);
    int blocks = columns / 32;
    int starts = vector * PairInput.startsPerVector(columns) + columns / 16;
    Arrays.fill(out, 0, L, 0);
    for (int b = 0; b < blocks; b += BlockScales.STRETCH) {
      int n = Math.min(BlockScales.STRETCH, blocks - b);
      int i = vector * blocks + b;
      long from = at + b * 2L * L * words();
      if (!fifth) {
        four(w, from, n, in.ints, 16 * i, sums, d, m);
      } else {
        five(w, from, n, minimum, in.ints, 16 * i, in.starts, starts + b, sums, d, m);
      }
      BlockScales.apply(d, n, sums, in.floats, i, out);
      if (minimum) {
        BlockScales.minima(m, n, in.sums, i, out);
      }
    }
  }

  /** The sums of all blocks of Q4_1, as halves; scales and minima are put aside on the way. */
  private static void four(
      MemorySegment w, long at, int blocks, int[] a, int ao, int[] out, float[] d, float[] m) {
    ShortVector zero = ShortVector.zero(S);
    for (int b = 0; b < blocks; b++) {
      long o = at + b * 20L * L;
      Halves.load(w, o).intoArray(d, b * L);
      Halves.load(w, o + 2 * L).intoArray(m, b * L);
      o += 4L * L;
      int i = ao + b * 16;
      ShortVector c = zero;
      ShortVector e = zero;
      for (int p = 0; p < 8; p++) {
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + p * 2L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c = q.and((short) 15).mul(IntVector.broadcast(I, a[i + p]).reinterpretAsShorts()).add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 4)
                .mul(IntVector.broadcast(I, a[i + p + 8]).reinterpretAsShorts())
                .add(e);
      }
      c.add(e).reinterpretAsInts().intoArray(out, b * L);
    }
  }

  /**
   * Of Q5_0 or Q5_1. The sums start at −16·Σa, so that the raw bits may be multiplied. Without
   * minima what is put aside as such is the scale once more: a branch that another format made rare
   * would turn vectors into objects.
   */
  private static void five(
      MemorySegment w,
      long at,
      int blocks,
      boolean minimum,
      int[] a,
      int ao,
      int[] start,
      int so,
      int[] out,
      float[] d,
      float[] m) {
    ShortVector zero = ShortVector.zero(S);
    long o = at;
    int step = minimum ? 4 * L : 2 * L;
    for (int b = 0; b < blocks; b++) {
      FloatVector scale = Halves.load(w, o);
      scale.intoArray(d, b * L);
      o += step;
      Halves.load(w, o - 2 * L).add(scale.mul(16)).intoArray(m, b * L);
      int i = ao + b * 16;
      ShortVector c = IntVector.broadcast(I, start[so + b]).reinterpretAsShorts().mul((short) -16);
      ShortVector e = zero;
      ShortVector h0 =
          (ShortVector)
              ByteVector.fromMemorySegment(HALF_B, w, o, LE)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
      ShortVector h1 =
          (ShortVector)
              ByteVector.fromMemorySegment(HALF_B, w, o + 2 * L, LE)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
      h0 = h0.lanewise(VectorOperators.LSHL, 4);
      h1 = h1.lanewise(VectorOperators.LSHL, 4);
      o += 4L * L;
      for (int p = 0; p < 8; p++) {
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(HALF_B, w, o + p * 2L * L, LE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
        c =
            q.and((short) 15)
                .or(h0.and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p]).reinterpretAsShorts())
                .add(c);
        e =
            q.lanewise(VectorOperators.LSHR, 4)
                .or(h1.and((short) 16))
                .mul(IntVector.broadcast(I, a[i + p + 8]).reinterpretAsShorts())
                .add(e);
        h0 = h0.lanewise(VectorOperators.LSHR, 1);
        h1 = h1.lanewise(VectorOperators.LSHR, 1);
      }
      o += 16L * L;
      c.add(e).reinterpretAsInts().intoArray(out, b * L);
    }
  }
}
