package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** 256 values −1, 0 or 1 times a half scale that stands at the end of the block. */
final class TernaryFormats {
  private TernaryFormats() {}

  /**
   * Five values a byte: the byte is a fraction of 256 whose digits to base 3 are the values, so
   * digit {@code n} is the integer part of three times what is left after {@code n} digits. Bytes 0
   * to 31 hold 5 × 32 values, bytes 32 to 47 hold 5 × 16, the last four bytes 4 × 4.
   */
  static final class Tq1 extends BlockFormat {
    private static final int[] POWERS = {1, 3, 9, 27, 81};

    Tq1() {
      super(GgmlType.TQ1_0);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int b = 0; b < blocks; b++, at += 54, to += 256) {
        float d = half(in, at + 52);
        digits(in, at, 32, 5, d, out, to);
        digits(in, at + 32, 16, 5, d, out, to + 160);
        digits(in, at + 48, 4, 4, d, out, to + 240);
      }
    }

    private static void digits(
        ByteBuffer in, int at, int bytes, int digits, float d, float[] out, int to) {
      for (int n = 0; n < digits; n++) {
        for (int i = 0; i < bytes; i++) {
          int left = in.get(at + i) * POWERS[n] & 255;
          out[to + n * bytes + i] = d * ((left * 3 >> 8) - 1);
        }
      }
    }

    @Override
    public boolean quantizes() {
      return true;
    }

    @Override
    void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
      for (int b = 0; b < blocks; b++, at += 54, from += 256) {
        float d = Math.abs(Extremes.largest(in, from, 256));
        float id = Extremes.inverse(d);
        out.putShort(at + 52, HalfFloat.fromFloat(d));
        putDigits(in, from, id, out, at, 32, 5);
        putDigits(in, from + 160, id, out, at + 32, 16, 5);
        putDigits(in, from + 240, id, out, at + 48, 4, 4);
      }
    }

    private static void putDigits(
        float[] in, int from, float id, ByteBuffer out, int at, int bytes, int digits) {
      for (int i = 0; i < bytes; i++) {
        int q = 0;
        for (int n = 0; n < 5; n++) {
          q = 3 * q + (n < digits ? Extremes.round(in[from + n * bytes + i] * id) + 1 : 0);
        }
        out.put(at + i, (byte) ((q * 256 + 242) / 243));
      }
    }
  }

  /**
   * Two bits a value: in each half, bits {@code 2j} of byte {@code l < 32} hold {@code 32 j + l}.
   */
  static final class Tq2 extends BlockFormat {
    Tq2() {
      super(GgmlType.TQ2_0);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int b = 0; b < blocks; b++, at += 66) {
        float d = half(in, at + 64);
        for (int part = 0; part < 8; part++, to += 32) {
          int q = at + (part >> 2) * 32;
          int shift = 2 * (part & 3);
          for (int l = 0; l < 32; l++) {
            out[to + l] = d * ((in.get(q + l) >> shift & 3) - 1);
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
      for (int b = 0; b < blocks; b++, at += 66, from += 256) {
        float d = Math.abs(Extremes.largest(in, from, 256));
        float id = Extremes.inverse(d);
        out.putShort(at + 64, HalfFloat.fromFloat(d));
        for (int part = 0; part < 2; part++) {
          for (int l = 0; l < 32; l++) {
            int bits = 0;
            for (int n = 0; n < 4; n++) {
              bits |= Extremes.round(in[from + 128 * part + 32 * n + l] * id) + 1 << 2 * n;
            }
            out.put(at + 32 * part + l, (byte) bits);
          }
        }
      }
    }
  }
}
