package dev.jllm.core.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Scales of Q3_K and IQ4_XS: two ints for each row of a unit of 256 columns hold four or eight
 * scales, 6 signed bits each from the lowest bit on, and in their upper bytes d, the lower one
 * first.
 */
final class SixScales {
  private SixScales() {}

  /** Four scales, counted from −32 in the file, and byte {@code i} of d. */
  static int pack(int s0, int s1, int s2, int s3, int d, int i) {
    return six(s0) | six(s1) << 6 | six(s2) << 12 | six(s3) << 18 | (d >> 8 * i) << 24;
  }

  private static int six(int scale) {
    return scale - 32 & 63;
  }

  /** Scale {@code k} of a row as it is in the file. */
  static int restore(int four, int k) {
    return (four >> 6 * k) + 32 & 63;
  }

  static IntVector scale(IntVector four, int k) {
    return four.lanewise(VectorOperators.LSHL, 26 - 6 * k).lanewise(VectorOperators.ASHR, 26);
  }

  static FloatVector d(IntVector first, IntVector second) {
    return KScales.half(first.lanewise(VectorOperators.LSHR, 8).or(second.and(0xff000000)));
  }
}
