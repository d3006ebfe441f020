package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.InputForm;
import dev.jllm.core.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_K: weight = d·sc·q − dmin·m in 8 blocks of 32. In the file the bytes of each 64 columns hold
 * the first 32 in their lower halves, the others in the upper ones. A group is its {@linkplain
 * Nibbles weights}, then for each unit ten {@linkplain KWords words of scales}.
 */
record PairQ4K() implements PairFormat {
  /** Bytes of a unit's weights. */
  private static final int WEIGHTS = 8 * Nibbles.BYTES;

  /** Bytes of a unit's scales. */
  private static final int SCALES = 10 * 2 * L;

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
    return InputForm.NIBBLES_256;
  }

  @Override
  public int block() {
    return 32;
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
  public void pack(short[] file, int fo, short[] group, int columns, int unit, int lane) {
    KWords.pack(file, fo, group, (int) scales(columns, unit) / 2 + lane);
    for (int i = 0; i < 128; i++) {
      int b = file[fo + 8 + i / 2] >> i % 2 * 8;
      int at = (unit * WEIGHTS + i / 32 * 2 * Nibbles.BYTES) / 2;
      Nibbles.put(group, at, lane, i % 32, b & 15);
      Nibbles.put(group, at + Nibbles.BYTES / 2, lane, i % 32, b >> 4 & 15);
    }
  }

  @Override
  public void restore(MemorySegment w, long at, int columns, int unit, int lane, byte[] block) {
    KWords.restore(w, at + scales(columns, unit) + 2L * lane, block);
    for (int i = 0; i < 128; i++) {
      long o = at + unit * (long) WEIGHTS + i / 32 * 2L * Nibbles.BYTES;
      int low = Nibbles.get(w, o, lane, i % 32);
      block[16 + i] = (byte) (low | Nibbles.get(w, o + Nibbles.BYTES, lane, i % 32) << 4);
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
    KWords.unpack(w, at + scales(columns, unit), 8, s, so);
    for (int b = 0; b < 8; b++) {
      long o = at + unit * (long) WEIGHTS + b * Nibbles.BYTES;
      Nibbles.unpack(w, o, 8, pairs, po + b * 64 * L);
    }
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    int units = columns / 256;
    int[] sums = scratch.ints(0, 8 * units * L);
    int starts = vector * PairInput.startsPerVector(columns);
    Nibbles.sums(w, at, 8 * units, in.ints, vector * (columns / 2), in.starts, starts, 0, sums);
    long scales = at + scales(columns, 0);
    scale(w, scales, units, sums, in.floats, vector * units, in.sums, vector * units * 8, out);
  }

  /** Scales and minima applied to the sums. */
  private static void scale(
      MemorySegment w,
      long at,
      int units,
      int[] s,
      float[] da,
      int dao,
      float[] sums,
      int so,
      float[] out) {
    FloatVector acc = FloatVector.zero(F);
    for (int u = 0; u < units; u++) {
      long base = at + u * (long) SCALES;
      IntVector sum = IntVector.zero(I);
      FloatVector min = FloatVector.zero(F);
      for (int j = 0; j < 8; j++) {
        IntVector sm = Words.load(w, base + (2 + j) * 2L * L);
        IntVector x = IntVector.fromArray(I, s, (u * 8 + j) * L);
        sum =
            x.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(x.lanewise(VectorOperators.ASHR, 16))
                .mul(sm.and(63))
                .add(sum);
        min =
            ((FloatVector) sm.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(F, sums[so + u * 8 + j]), min);
      }
      FloatVector d = Halves.load(w, base).mul(da[dao + u]);
      acc = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(d, acc);
      acc = acc.sub(min.mul(Halves.load(w, base + 2 * L)));
    }
    acc.intoArray(out, 0);
  }
}
