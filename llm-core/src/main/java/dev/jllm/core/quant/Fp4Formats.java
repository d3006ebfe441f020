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

    @Override
    public boolean quantizes() {
      return true;
    }

    @Override
    void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
      for (int b = 0; b < blocks; b++, at += 17, from += 32) {
        float largest = Math.abs(Extremes.largest(in, from, 32));
        // 2^2 is the exponent of the largest value, 6.
        int e = largest > 0 ? (int) Math.floor((float) log2(largest)) - 2 + 127 : 0;
        e = Math.max(0, e);
        float d = halfScale(e);
        out.put(at, (byte) e);
        for (int i = 0; i < 16; i++) {
          int low = nearest(in[from + i], d);
          int high = nearest(in[from + 16 + i], d);
          out.put(at + 1 + i, (byte) (low | high << 4));
        }
      }
    }

    private static double log2(float x) {
      return Math.log(x) / Math.log(2);
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

    @Override
    public boolean quantizes() {
      return true;
    }

    @Override
    void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
      for (int b = 0; b < blocks; b++, at += 36) {
        for (int group = 0; group < 4; group++, from += 16) {
          int scale = scaleBits(Math.abs(Extremes.largest(in, from, 16)) / 6);
          float d = halfScale(scale);
          out.put(at + group, (byte) scale);
          for (int i = 0; i < 8; i++) {
            int low = nearest(in[from + i], d);
            int high = nearest(in[from + 8 + i], d);
            out.put(at + 4 + group * 8 + i, (byte) (low | high << 4));
          }
        }
      }
    }

    /** The E4M3 number near {@code x ≥ 0}, rounding halves up, at most 448 (bits 0x7e). */
    static int scaleBits(float x) {
      if (!(x > 0)) {
        return 0;
      }
      int exponent = Math.getExponent(x) + 7;
      if (exponent <= 0) {
        return Math.min(7, (int) (x * 512 + 0.5f));
      }
      int rounded = (Float.floatToRawIntBits(x) >> 19) + 1 >> 1;
      return exponent >= 15 ? 0x7e : Math.min(0x7e, rounded - (120 << 3));
    }
  }

  /** The level nearest to {@code x / d}, the first of two equally near. */
  private static int nearest(float x, float d) {
    int best = 0;
    float smallest = Math.abs(VALUES[0] * d - x);
    for (int i = 1; i < 16; i++) {
      float error = Math.abs(VALUES[i] * d - x);
      if (error < smallest) {
        best = i;
        smallest = error;
      }
    }
    return best;
  }
}
