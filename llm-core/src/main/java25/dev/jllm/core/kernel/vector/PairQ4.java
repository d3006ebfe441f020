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
 * Q4_0: weight = d·(q − 8). In the file d, then 16 bytes, whose lower halves are columns 0–15 and
 * upper halves columns 16–31. A group is its {@linkplain Nibbles weights}, then d of each block.
 */
record PairQ4() implements PairFormat {
  @Override
  public int unit() {
    return 32;
  }

  @Override
  public long groupBytes(int columns) {
    return columns / 32 * (Nibbles.BYTES + 2L * L);
  }

  private static long scales(int columns) {
    return columns / 32 * (long) Nibbles.BYTES;
  }

  @Override
  public InputForm fewForm() {
    return InputForm.NIBBLES_32;
  }

  @Override
  public int block() {
    return 32;
  }

  @Override
  public boolean nested() {
    return false;
  }

  @Override
  public boolean minima() {
    return false;
  }

  @Override
  public void pack(short[] file, int fo, short[] group, int columns, int unit, int lane) {
    group[(int) scales(columns) / 2 + unit * L + lane] = file[fo];
    for (int c = 0; c < 16; c++) {
      int b = file[fo + 1 + c / 2] >> c % 2 * 8;
      Nibbles.put(group, unit * Nibbles.BYTES / 2, lane, c, b & 15);
      Nibbles.put(group, unit * Nibbles.BYTES / 2, lane, c + 16, b >> 4 & 15);
    }
  }

  @Override
  public void restore(MemorySegment w, long at, int columns, int unit, int lane, byte[] block) {
    Words.restore(w, at + scales(columns) + 2L * (unit * L + lane), block, 0);
    long weights = at + unit * (long) Nibbles.BYTES;
    for (int c = 0; c < 16; c++) {
      int low = Nibbles.get(w, weights, lane, c);
      block[2 + c] = (byte) (low | Nibbles.get(w, weights, lane, c + 16) << 4);
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
    Halves.load(w, at + scales(columns) + unit * 2L * L).intoArray(s.d, so);
    Nibbles.unpack(w, at + unit * (long) Nibbles.BYTES, 8, pairs, po);
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    int blocks = columns / 32;
    int[] sums = scratch.ints(0, blocks * L);
    int starts = vector * PairInput.startsPerVector(columns) + columns / 16;
    Nibbles.sums(w, at, blocks, in.ints, vector * (columns / 2), in.starts, starts, -8, sums);
    scale(w, at + scales(columns), blocks, sums, in.floats, vector * blocks, out);
  }

  /** The scales applied to the sums. */
  private static void scale(
      MemorySegment w, long at, int blocks, int[] s, float[] da, int dao, float[] out) {
    FloatVector acc = FloatVector.zero(F);
    for (int b = 0; b < blocks; b++) {
      IntVector x = IntVector.fromArray(I, s, b * L);
      x = x.lanewise(VectorOperators.LSHL, 16).add(x).lanewise(VectorOperators.ASHR, 16);
      FloatVector d = Halves.load(w, at + b * 2L * L).mul(da[dao + b]);
      acc = ((FloatVector) x.convert(VectorOperators.I2F, 0)).fma(d, acc);
    }
    acc.intoArray(out, 0);
  }
}
