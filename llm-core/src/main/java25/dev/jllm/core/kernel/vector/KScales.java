package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Scales of Q4_K and Q5_K. A unit of 256 columns consists of four quarters, each of which begins
 * with an int for every row: from its lowest bit on the scales of its two blocks of 32 columns,
 * their minima, 6 bits each, and 8 bits of the unit's d and dmin (32 bits, the lowest in the first
 * quarter). So a quarter has all it needs beside it, a unit is as large as the file's block, and
 * reading it from its beginning to its end never skips anything.
 */
final class KScales {
  /** Units whose sums are put aside before the scales are applied: more of them cost a third. */
  static final int STRETCH = 2;

  private KScales() {}

  /**
   * From the file's d, dmin and twelve bytes of packed scales and minima at word {@code fo}.
   *
   * @param uo where the lane's first word of the unit would be; a quarter's int takes the place of
   *     two words of the lane {@code uo % L}
   * @param words words of a quarter
   */
  static void pack(short[] file, int fo, short[] unit, int uo, int words) {
    int d = file[fo] & 0xffff | file[fo + 1] << 16;
    for (int q = 0; q < 4; q++) {
      int v =
          scale(file, fo, 2 * q)
              | scale(file, fo, 2 * q + 1) << 6
              | minimum(file, fo, 2 * q) << 12
              | minimum(file, fo, 2 * q + 1) << 18
              | (d >> 8 * q) << 24;
      Words.put(unit, uo, q * words, v);
    }
  }

  private static int scale(short[] file, int fo, int block) {
    return block < 4
        ? packed(file, fo, block) & 63
        : packed(file, fo, block + 4) & 15 | packed(file, fo, block - 4) >> 6 << 4;
  }

  private static int minimum(short[] file, int fo, int block) {
    return block < 4
        ? packed(file, fo, block + 4) & 63
        : packed(file, fo, block + 4) >> 4 | packed(file, fo, block) >> 6 << 4;
  }

  /** Byte {@code i} of the twelve. */
  private static int packed(short[] file, int fo, int i) {
    return file[fo + 2 + i / 2] >> i % 2 * 8 & 255;
  }

  /** The reverse: the first 16 bytes of the file's block. */
  static void restore(MemorySegment w, long at, int words, byte[] file) {
    int[] sc = new int[8];
    int[] m = new int[8];
    for (int q = 0; q < 4; q++) {
      int v = Words.get(w, at, q * words);
      sc[2 * q] = v & 63;
      sc[2 * q + 1] = v >> 6 & 63;
      m[2 * q] = v >> 12 & 63;
      m[2 * q + 1] = v >> 18 & 63;
      file[q] = (byte) (v >> 24);
    }
    for (int j = 0; j < 4; j++) {
      file[4 + j] = (byte) (sc[j] | sc[4 + j] >> 4 << 6);
      file[8 + j] = (byte) (m[j] | m[4 + j] >> 4 << 6);
      file[12 + j] = (byte) (sc[4 + j] & 15 | (m[4 + j] & 15) << 4);
    }
  }

  /**
   * Scales for {@link PairTile}; weights count from {@code −offset}, which the minima make good.
   *
   * @param words words of a quarter
   */
  static void unpack(MemorySegment w, long at, int words, float offset, PairScales s, int so) {
    IntVector dd = IntVector.zero(I);
    for (int q = 0; q < 4; q++) {
      IntVector x = IntVector.fromMemorySegment(I, w, at + q * 2L * L * words, LE);
      dd = dd.lanewise(VectorOperators.LSHR, 8).or(x.and(0xff000000));
    }
    FloatVector d = half(dd.lanewise(VectorOperators.LSHL, 16));
    FloatVector dMin = half(dd);
    d.intoArray(s.d, so);
    FloatVector shift = d.mul(offset);
    for (int j = 0; j < 8; j++) {
      IntVector x =
          IntVector.fromMemorySegment(I, w, at + (j >> 1) * 2L * L * words, LE)
              .lanewise(VectorOperators.LSHR, 6 * (j & 1));
      IntVector sc = x.and(63);
      sc.intoArray(s.sc, so + j * 2 * L);
      FloatVector m =
          (FloatVector)
              x.lanewise(VectorOperators.LSHR, 12).and(63).convert(VectorOperators.I2F, 0);
      ((FloatVector) sc.convert(VectorOperators.I2F, 0))
          .mul(shift)
          .sub(m.mul(dMin))
          .intoArray(s.m, so + j * 2 * L);
    }
  }

  /** Finite halves in the upper 16 bits as floats. */
  static FloatVector half(IntVector q) {
    return q.lanewise(VectorOperators.ASHR, 3)
        .and(Halves.MASK)
        .reinterpretAsFloats()
        .mul(Halves.BIAS);
  }

  /** Sums of the blocks of so many quarters of a group of rows, and the ints of scales. */
  interface Sums {
    /**
     * @param ao where in the input's {@code ints} the columns begin, {@code so} in its {@code
     *     starts}
     */
    void of(
        MemorySegment w, long at, int quarters, Input in, int ao, int so, int[] sums, int[] scales);
  }

  /**
   * {@link PairFormat#decode} of both formats, stretch by stretch.
   *
   * @param words words of a quarter
   */
  static void decode(
      Sums format,
      int words,
      MemorySegment w,
      long at,
      int columns,
      Input in,
      int vector,
      float[] out,
      Scratch scratch) {
    int[] sums = scratch.ints(0, 8 * STRETCH * L);
    int[] scales = scratch.ints(1, 4 * STRETCH * L);
    int units = columns / 256;
    int starts = vector * PairInput.startsPerVector(columns) + columns / 16;
    Arrays.fill(out, 0, L, 0);
    for (int u = 0; u < units; u += STRETCH) {
      int n = Math.min(STRETCH, units - u);
      int i = vector * units + u;
      format.of(w, at + u * (8L * L * words), 4 * n, in, 128 * i, starts + 8 * u, sums, scales);
      apply(scales, n, sums, in.floats, i, in.sums, 8 * i, out);
    }
  }

  /**
   * Scales and minima applied to the sums of a group of rows; the results are added to {@code out}.
   *
   * @param quarters the quarters' ints {@code [quarter][L]}
   * @param s sums of products {@code [block][L]}
   * @param sums of the inputs, of 32 each, with their scale
   */
  private static void apply(
      int[] quarters, int units, int[] s, float[] da, int dao, float[] sums, int so, float[] out) {
    FloatVector acc = FloatVector.fromArray(F, out, 0);
    for (int u = 0; u < units; u++) {
      IntVector sum = IntVector.zero(I);
      IntVector dd = sum;
      FloatVector min = FloatVector.zero(F);
      for (int q = 4 * u; q < 4 * u + 4; q++) {
        IntVector x = IntVector.fromArray(I, quarters, q * L);
        sum = IntVector.fromArray(I, s, 2 * q * L).mul(x.and(63)).add(sum);
        sum =
            IntVector.fromArray(I, s, (2 * q + 1) * L)
                .mul(x.lanewise(VectorOperators.LSHR, 6).and(63))
                .add(sum);
        min =
            ((FloatVector)
                    x.lanewise(VectorOperators.LSHR, 12).and(63).convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(F, sums[so + 2 * q]), min);
        min =
            ((FloatVector)
                    x.lanewise(VectorOperators.LSHR, 18).and(63).convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(F, sums[so + 2 * q + 1]), min);
        dd = dd.lanewise(VectorOperators.LSHR, 8).or(x.and(0xff000000));
      }
      FloatVector d =
          dd.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(Halves.MASK)
              .reinterpretAsFloats()
              .mul(Halves.BIAS)
              .mul(da[dao + u]);
      acc = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(d, acc);
      d =
          dd.lanewise(VectorOperators.ASHR, 3)
              .and(Halves.MASK)
              .reinterpretAsFloats()
              .mul(Halves.BIAS);
      acc = acc.sub(min.mul(d));
    }
    acc.intoArray(out, 0);
  }
}
