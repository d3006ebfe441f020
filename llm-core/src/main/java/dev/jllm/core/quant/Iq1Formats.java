package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * Less than two bits a value: a codebook entry holds eight values −1, 0, 1 ({@link IqGrids}), which
 * are shifted by ± 1/8 together and multiplied by {@code d (2 s + 1)} with a 3-bit scale {@code s}.
 */
final class Iq1Formats {
  private static final float DELTA = 0.125f;

  private Iq1Formats() {}

  /**
   * IQ1_S: half {@code d}, 32 bytes of lower index bits, then per group of 32 values 16 bits: four
   * times three upper index bits, the scale, the sign of the shift.
   */
  static final class S extends BlockFormat {
    S() {
      super(GgmlType.IQ1_S);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      long[] grid = IqGrids.Iq1.GRID;
      for (int b = 0; b < blocks; b++, at += 50) {
        float d = half(in, at);
        for (int group = 0; group < 8; group++) {
          int word = in.getShort(at + 34 + 2 * group);
          float dl = d * (2 * (word >> 12 & 7) + 1);
          float delta = word < 0 ? -DELTA : DELTA;
          for (int l = 0; l < 4; l++, to += 8) {
            int index = in.get(at + 2 + 4 * group + l) & 255 | (word >> 3 * l & 7) << 8;
            shifted8(grid[index], delta, dl, out, to);
          }
        }
      }
    }
  }

  /**
   * IQ1_M: 32 bytes of lower index bits, 16 bytes of nibbles with three upper index bits and the
   * sign of the shift, four 16-bit words with four 3-bit scales (one for 16 values) and on top a
   * quarter of the half {@code d} each.
   */
  static final class M extends BlockFormat {
    M() {
      super(GgmlType.IQ1_M);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      long[] grid = IqGrids.Iq1.GRID;
      for (int b = 0; b < blocks; b++, at += 56) {
        float d = HalfFloat.toFloat((short) scaleBits(in, at + 48));
        for (int i = 0; i < 32; i++, to += 8) {
          int scale = in.getShort(at + 48 + 2 * (i >> 3)) >> 3 * (i >> 1 & 3) & 7;
          int high = in.get(at + 32 + (i >> 1)) >> 4 * (i & 1);
          float delta = (high & 8) != 0 ? -DELTA : DELTA;
          int index = in.get(at + i) & 255 | (high & 7) << 8;
          shifted8(grid[index], delta, d * (2 * scale + 1), out, to);
        }
      }
    }

    private static int scaleBits(ByteBuffer in, int at) {
      return in.getShort(at) >> 12 & 0xf
          | in.getShort(at + 2) >> 8 & 0xf0
          | in.getShort(at + 4) >> 4 & 0xf00
          | in.getShort(at + 6) & 0xf000;
    }
  }

  private static void shifted8(long entry, float delta, float d, float[] out, int to) {
    for (int j = 0; j < 8; j++) {
      out[to + j] = d * ((byte) (entry >> 8 * j) + delta);
    }
  }
}
