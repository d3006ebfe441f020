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
 * Q4_K: weight = d·sc·q − dmin·m in 8 blocks of 32. Words of a unit of 256 columns: d, dmin, 8 of
 * scale (lower byte) and minimum (upper byte) of a block, unpacked from the file's six; then for
 * each 64 columns 16 of weights, lower halves for the first 32 columns, upper for the others.
 */
record PairQ4K() implements PairFormat {
  private static final int WORDS = 74;
  private static final int SCALES = 2 * 2 * L;
  private static final int WEIGHTS = 10 * 2 * L;

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
  public void pack(short[] file, int fo, short[] unit, int uo) {
    KWords.pack(file, fo, unit, uo);
    for (int i = 0; i < 64; i++) {
      unit[uo + (10 + i) * L] = file[fo + 8 + i];
    }
  }

  @Override
  public void restore(MemorySegment w, long at, byte[] file) {
    KWords.restore(w, at, file);
    for (int i = 0; i < 64; i++) {
      int v = w.get(Segments.SHORT, at + WEIGHTS + 2L * L * i);
      file[16 + 2 * i] = (byte) v;
      file[17 + 2 * i] = (byte) (v >> 8);
    }
  }

  @Override
  public void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so) {
    KWords.unpack(w, at, 8, s, so);
    for (int j = 0; j < 4; j++) {
      int to = po + j * 128 * L;
      Quads.unpack(w, at + WEIGHTS + j * 32L * L, 16, 8, pairs, to, to + 64 * L);
    }
  }

  @Override
  public void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch) {
    int units = columns / 256;
    int[] sums = scratch.ints(0, 8 * units * L);
    sums(w, at, units, in.ints, vector * (columns / 2), sums);
    scale(w, at, units, sums, in.floats, vector * units, in.sums, vector * units * 8, out);
  }

  /** The sums of all blocks. */
  private static void sums(MemorySegment w, long at, int units, int[] a, int ao, int[] out) {
    ShortVector zero = ShortVector.zero(S);
    for (int u = 0; u < units; u++) {
      for (int j = 0; j < 4; j++) {
        long o = at + u * (2L * L * WORDS) + WEIGHTS + j * 32L * L;
        int i = ao + u * 128 + j * 32;
        ShortVector c = zero;
        ShortVector e = zero;
        for (int p = 0; p < 16; p++) {
          ShortVector q =
              (ShortVector)
                  ByteVector.fromMemorySegment(HALF_B, w, o + p * 2L * L, LE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
          c = q.and((short) 15).mul(IntVector.broadcast(I, a[i + p]).reinterpretAsShorts()).add(c);
          e =
              q.lanewise(VectorOperators.LSHR, 4)
                  .mul(IntVector.broadcast(I, a[i + p + 16]).reinterpretAsShorts())
                  .add(e);
        }
        int to = (u * 8 + j * 2) * L;
        IntVector x = c.reinterpretAsInts();
        x.lanewise(VectorOperators.LSHL, 16)
            .lanewise(VectorOperators.ASHR, 16)
            .add(x.lanewise(VectorOperators.ASHR, 16))
            .intoArray(out, to);
        x = e.reinterpretAsInts();
        x.lanewise(VectorOperators.LSHL, 16)
            .lanewise(VectorOperators.ASHR, 16)
            .add(x.lanewise(VectorOperators.ASHR, 16))
            .intoArray(out, to + L);
      }
    }
  }

  /** Scales and minima applied to the sums. */
  static void scale(
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
      long base = at + u * (2L * L * WORDS);
      IntVector sum = IntVector.zero(I);
      FloatVector min = FloatVector.zero(F);
      for (int j = 0; j < 8; j++) {
        IntVector sm = Words.load(w, base + SCALES + j * 2L * L);
        sum = IntVector.fromArray(I, s, (u * 8 + j) * L).mul(sm.and(63)).add(sum);
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
