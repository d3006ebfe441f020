package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** Four bits that choose from 16 unevenly spaced levels. */
final class Iq4Formats {
  static final byte[] LEVELS = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private Iq4Formats() {}

  /** IQ4_NL: half scale and nibbles as in {@link Q4_0}: {@code x = d level[q]}. */
  static final class Nl extends BlockFormat {
    Nl() {
      super(GgmlType.IQ4_NL);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int b = 0; b < blocks; b++, at += 18, to += 32) {
        levels(in, at + 2, half(in, at), out, to);
      }
    }
  }

  /**
   * IQ4_XS: 256 values in 8 groups: half {@code d}, 16 bits with the upper pairs of bits of the
   * 6-bit scales {@code s}, 4 bytes with their lower nibbles, 8 × 16 bytes of nibbles; {@code x = d
   * (s − 32) level[q]}.
   */
  static final class Xs extends BlockFormat {
    Xs() {
      super(GgmlType.IQ4_XS);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int b = 0; b < blocks; b++, at += 136) {
        float d = half(in, at);
        int high = in.getShort(at + 2);
        for (int group = 0; group < 8; group++, to += 32) {
          int low = in.get(at + 4 + (group >> 1)) >> 4 * (group & 1) & 15;
          int scale = low | (high >> 2 * group & 3) << 4;
          levels(in, at + 8 + group * 16, d * (scale - 32), out, to);
        }
      }
    }
  }

  private static void levels(ByteBuffer in, int at, float d, float[] out, int to) {
    for (int i = 0; i < 16; i++) {
      int q = in.get(at + i);
      out[to + i] = d * LEVELS[q & 15];
      out[to + 16 + i] = d * LEVELS[q >> 4 & 15];
    }
  }
}
