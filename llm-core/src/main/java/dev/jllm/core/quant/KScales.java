package dev.jllm.core.quant;

import java.nio.ByteBuffer;

/** The 12 bytes with eight 6-bit scales and eight 6-bit minima that Q4_K and Q5_K share. */
final class KScales {
  private KScales() {}

  /** Scale {@code j < 8} of the field at {@code at}. */
  static int scale(ByteBuffer in, int at, int j) {
    return j < 4
        ? in.get(at + j) & 63
        : in.get(at + 4 + j) & 15 | (in.get(at + j - 4) >> 6 & 3) << 4;
  }

  /** Minimum {@code j < 8} of the field at {@code at}. */
  static int min(ByteBuffer in, int at, int j) {
    return j < 4
        ? in.get(at + 4 + j) & 63
        : in.get(at + 4 + j) >> 4 & 15 | (in.get(at + j) >> 6 & 3) << 4;
  }
}
