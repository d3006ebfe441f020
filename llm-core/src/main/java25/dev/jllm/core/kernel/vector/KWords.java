package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The first ten words of a unit of Q4_K and Q5_K: d, dmin, and for each of 8 blocks a 6-bit scale
 * (lower byte) and minimum (upper byte). In the file the latter are six words of packed bits.
 */
final class KWords {
  private KWords() {}

  static void pack(short[] file, int fo, short[] unit, int uo) {
    unit[uo] = file[fo];
    unit[uo + L] = file[fo + 1];
    for (int j = 0; j < 4; j++) {
      int s = packed(file, fo, j);
      int m = packed(file, fo, j + 4);
      int x = packed(file, fo, j + 8);
      unit[uo + (2 + j) * L] = (short) (s & 63 | (m & 63) << 8);
      unit[uo + (6 + j) * L] = (short) (x & 15 | s >> 6 << 4 | (x >> 4 | m >> 6 << 4) << 8);
    }
  }

  /** Byte {@code i} of the twelve. */
  private static int packed(short[] file, int fo, int i) {
    return file[fo + 2 + i / 2] >> i % 2 * 8 & 255;
  }

  static void restore(MemorySegment w, long at, byte[] file) {
    for (int i = 0; i < 2; i++) {
      int v = w.get(Segments.SHORT, at + 2L * L * i);
      file[2 * i] = (byte) v;
      file[2 * i + 1] = (byte) (v >> 8);
    }
    for (int j = 0; j < 4; j++) {
      int low = w.get(Segments.SHORT, at + 2L * L * (2 + j));
      int high = w.get(Segments.SHORT, at + 2L * L * (6 + j));
      file[4 + j] = (byte) (low & 63 | (high >> 4 & 3) << 6);
      file[8 + j] = (byte) (low >> 8 & 63 | (high >> 12 & 3) << 6);
      file[12 + j] = (byte) (high & 15 | (high >> 8 & 15) << 4);
    }
  }

  /**
   * Scales for {@link PairTile}; weights count from {@code −offset}, which the minima make good.
   */
  static void unpack(MemorySegment w, long at, float offset, PairScales s, int so) {
    FloatVector d = Halves.load(w, at);
    FloatVector dMin = Halves.load(w, at + 2 * L);
    d.intoArray(s.d, so);
    FloatVector shift = d.mul(offset);
    for (int j = 0; j < 8; j++) {
      IntVector sm = Words.load(w, at + (2 + j) * 2L * L);
      IntVector sc = sm.and(63);
      sc.intoArray(s.sc, so + j * 2 * L);
      FloatVector m =
          (FloatVector) sm.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
      FloatVector f = (FloatVector) sc.convert(VectorOperators.I2F, 0);
      f.mul(shift).sub(m.mul(dMin)).intoArray(s.m, so + j * 2 * L);
    }
  }
}
