package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.InputForm;
import dev.jllm.core.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q6_K: weight = d·sc·(q − 32) in 16 blocks of 16. In the file each 128 columns have 64 bytes of
 * lower bits, whose halves are columns c and c + 64, and 32 bytes of upper bits, two each of
 * columns c, c + 32, c + 64 and c + 96; then come the scales. A group is its {@linkplain Sextets
 * weights}, then for each unit eight words of two scales, then d.
 */
record PairQ6K() implements PairFormat {
  /** Bytes of a unit's weights. */
  private static final int WEIGHTS = 16 * Sextets.BYTES;

  /** Bytes of a unit's scales. */
  private static final int SCALES = 9 * 2 * L;

  private static final int D = 8 * 2 * L;

  @Override
  public int unit() {
    return 256;
  }

  @Override
  public long groupBytes(int columns) {
    return columns / 256 * (long) (WEIGHTS + SCALES);
  }

  private static long scales(int columns, int unit) {
    return columns / 256 * (long) WEIGHTS + unit * (long) SCALES;
  }

  @Override
  public InputForm fewForm() {
    return InputForm.SEXTETS_256;
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
  public void pack(short[] file, int fo, short[] group, int columns, int unit, int lane) {
    for (int i = 0; i < 9; i++) {
      group[(int) scales(columns, unit) / 2 + i * L + lane] = file[fo + 96 + i];
    }
    for (int c = 0; c < 256; c++) {
      int low = file[fo + (c / 128 * 64 + c % 64) / 2] >> c % 2 * 8 + c % 128 / 64 * 4 & 15;
      int high = file[fo + 64 + (c / 128 * 32 + c % 32) / 2] >> c % 2 * 8 + c % 128 / 32 * 2 & 3;
      Sextets.put(group, blockAt(unit, c) / 2, lane, c % 16, low | high << 4);
    }
  }

  private static int blockAt(int unit, int column) {
    return unit * WEIGHTS + column / 16 * Sextets.BYTES;
  }

  @Override
  public void restore(MemorySegment w, long at, int columns, int unit, int lane, byte[] block) {
    Arrays.fill(block, (byte) 0);
    for (int i = 0; i < 9; i++) {
      Words.restore(w, at + scales(columns, unit) + 2L * (i * L + lane), block, 192 + 2 * i);
    }
    for (int c = 0; c < 256; c++) {
      int q = Sextets.get(w, at + blockAt(unit, c), lane, c % 16);
      block[c / 128 * 64 + c % 64] |= (byte) ((q & 15) << c % 128 / 64 * 4);
      block[128 + c / 128 * 32 + c % 32] |= (byte) (q >> 4 << c % 128 / 32 * 2);
    }
  }

  @Override
  public void unpack(
      MemorySegment w,
      long at,
      int columns,
      int unit,
      short[] pairs,
      int po,
      PairScales s,
      int so) {
    long scales = at + scales(columns, unit);
    Halves.load(w, scales + D).intoArray(s.d, so);
    for (int j = 0; j < 8; j++) {
      IntVector two = Words.load(w, scales + j * 2L * L);
      two.lanewise(VectorOperators.LSHL, 24)
          .lanewise(VectorOperators.ASHR, 24)
          .intoArray(s.sc, so + 2 * j * 2 * L);
      two.lanewise(VectorOperators.ASHR, 8).intoArray(s.sc, so + (2 * j + 1) * 2 * L);
    }
    for (int b = 0; b < 16; b++) {
      Sextets.unpack(w, at + blockAt(unit, 16 * b), pairs, po + b * 32 * L);
    }
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    int units = columns / 256;
    int[] sums = scratch.ints(0, 16 * units * L);
    int starts = vector * PairInput.startsPerVector(columns);
    int a = vector * (columns / 16) * Sextets.COEFFICIENTS;
    Sextets.sums(w, at, 16 * units, in.ints, a, in.starts, starts, sums);
    scale(w, at + scales(columns, 0), units, sums, in.floats, vector * units, out);
  }

  /** The scales applied to the sums. */
  private static void scale(
      MemorySegment w, long at, int units, int[] s, float[] da, int dao, float[] out) {
    FloatVector acc = FloatVector.zero(F);
    for (int u = 0; u < units; u++) {
      long base = at + u * (long) SCALES;
      IntVector sum = IntVector.zero(I);
      for (int j = 0; j < 8; j++) {
        IntVector two = Words.load(w, base + j * 2L * L);
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
