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

    @Override
    public boolean quantizes() {
      return true;
    }

    @Override
    void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
      for (int b = 0; b < blocks; b++, at += 18, from += 32) {
        float d = bestScale(in, from);
        out.putShort(at, HalfFloat.fromFloat(d));
        putLevels(in, from, Extremes.inverse(d), out, at + 2);
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

    @Override
    public boolean quantizes() {
      return true;
    }

    @Override
    void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
      float[] scales = new float[8];
      for (int b = 0; b < blocks; b++, at += 136, from += 256) {
        for (int group = 0; group < 8; group++) {
          scales[group] = bestScale(in, from + 32 * group);
        }
        float d = -Extremes.largest(scales, 0, 8) / 32;
        float id = Extremes.inverse(d);
        out.putShort(at, HalfFloat.fromFloat(d));
        int high = 0;
        for (int group = 0; group < 8; group++) {
          int scale = Math.max(-32, Math.min(31, KSearch.nearest(id * scales[group])));
          putLevels(in, from + 32 * group, Extremes.inverse(d * scale), out, at + 8 + 16 * group);
          int low = scale + 32 & 15;
          int beside = group % 2 == 0 ? 0 : out.get(at + 4 + group / 2);
          out.put(at + 4 + group / 2, (byte) (beside | low << 4 * (group % 2)));
          high |= scale + 32 >> 4 << 2 * group;
        }
        out.putShort(at + 2, (short) high);
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

  /** The scale of least squared error, weighted by the squares, among 16 near the obvious one. */
  private static float bestScale(float[] in, int from) {
    float largest = Extremes.largest(in, from, 32);
    if (Math.abs(largest) < SignedSearch.ZERO) {
      return 0;
    }
    float best = 0;
    float scale = 0;
    for (int attempt = -8; attempt <= 7; attempt++) {
      // The first is the obvious one: the largest value at the outermost level.
      float id = attempt == -8 ? 1 / (-largest / LEVELS[0]) : (attempt + LEVELS[0]) / largest;
      float sumqx = 0;
      float sumq2 = 0;
      for (int i = from; i < from + 32; i++) {
        float q = LEVELS[nearest(id * in[i])];
        float weight = in[i] * in[i];
        sumqx += weight * q * in[i];
        sumq2 += weight * q * q;
      }
      if (attempt == -8 || sumq2 > 0 && sumqx * sumqx > best * sumq2) {
        scale = sumqx / sumq2;
        best = scale * sumqx;
      }
    }
    return scale;
  }

  private static void putLevels(float[] in, int from, float id, ByteBuffer out, int at) {
    for (int i = 0; i < 16; i++) {
      int low = nearest(id * in[from + i]);
      int high = nearest(id * in[from + 16 + i]);
      out.put(at + i, (byte) (low | high << 4));
    }
  }

  private static int nearest(float x) {
    int index = 0;
    while (index < 15 && x + x >= LEVELS[index] + LEVELS[index + 1]) {
      index++;
    }
    return index;
  }
}
