package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * Four-bit floats (E2M1: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives) with a small scale. The
 * table holds them doubled, as integers; the scales are halved instead.
 */
final class Fp4Formats {
  private static final byte[] VALUES = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  private Fp4Formats() {}

  /**
   * OCP Microscaling (MX) v1.0, MXFP4: an exponent byte (E8M0) for 32 values, nibbles as in {@link
   * Q4_0}.
   */
  static final class Mx extends BlockFormat {
    Mx() {
      super(GgmlType.MXFP4);
    }

    /** Half of 2^(e − 127); the two smallest are subnormal. */
    static float halfScale(int e) {
      return Float.intBitsToFloat(e < 2 ? 0x00200000 << e : e - 1 << 23);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int b = 0; b < blocks; b++, at += 17, to += 32) {
        float d = halfScale(in.get(at) & 255);
        for (int i = 0; i < 16; i++) {
          int q = in.get(at + 1 + i);
          out[to + i] = d * VALUES[q & 15];
          out[to + 16 + i] = d * VALUES[q >> 4 & 15];
        }
      }
    }
  }

  /**
   * NVFP4: four unsigned E4M3 scales, then four groups of 16 values in 8 bytes each, low nibbles
   * first. The factor that NVFP4 gives a whole tensor is a tensor of its own in a file.
   */
  static final class Nv extends BlockFormat {
    Nv() {
      super(GgmlType.NVFP4);
    }

    /** Half of the E4M3 number without sign; 0x7f (NaN) counts as 0. */
    static float halfScale(int bits) {
      if (bits == 0 || bits == 0x7f) {
        return 0;
      }
      int exponent = bits >> 3 & 15;
      int mantissa = bits & 7;
      return exponent == 0
          ? mantissa * 0x1p-10f
          : (8 + mantissa) * Float.intBitsToFloat(exponent - 11 + 127 << 23);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int b = 0; b < blocks; b++, at += 36) {
        for (int group = 0; group < 4; group++, to += 16) {
          float d = halfScale(in.get(at + group) & 255);
          for (int i = 0; i < 8; i++) {
            int q = in.get(at + 4 + group * 8 + i);
            out[to + i] = d * VALUES[q & 15];
            out[to + 8 + i] = d * VALUES[q >> 4 & 15];
          }
        }
      }
    }
  }
}
