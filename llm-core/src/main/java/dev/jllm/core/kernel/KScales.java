package dev.jllm.core.kernel;

import java.nio.ByteBuffer;

/** The packed 6-bit scales and minima of the formats Q4_K and Q5_K. */
public final class KScales {
  private KScales() {}

  /**
   * Scale (bits 0–5) and minimum (bits 8–13) of sub-block {@code j}, 0 to 7, of 12 packed bytes.
   */
  public static int scaleAndMin(ByteBuffer b, int at, int j) {
    if (j < 4) {
      return b.get(at + j) & 63 | (b.get(at + j + 4) & 63) << 8;
    }
    int s = b.get(at + j + 4) & 15 | (b.get(at + j - 4) >> 6 & 3) << 4;
    int m = b.get(at + j + 4) >> 4 & 15 | (b.get(at + j) >> 6 & 3) << 4;
    return s | m << 8;
  }
}
