package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * 256 values of 6 bits in 16 groups: 128 bytes of lower nibbles, 64 bytes of upper pairs of bits,
 * 16 signed scales {@code s}, half {@code d}; {@code x = d s (q − 32)}. In each half of 128 values,
 * nibbles of 64 bytes (low, then high) and pairs of 32 bytes (four rounds) follow one another.
 */
final class Q6_K extends BlockFormat {
  Q6_K() {
    super(GgmlType.Q6_K);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 210) {
      float d = half(in, at + 208);
      for (int group = 0; group < 16; group++, to += 16) {
        float dl = d * in.get(at + 192 + group);
        int low = at + (group >> 3) * 64 + (group & 3) * 16;
        int nibble = group & 4;
        int high = at + 128 + (group >> 3) * 32 + (group & 1) * 16;
        int pair = group & 6;
        for (int l = 0; l < 16; l++) {
          int q = in.get(low + l) >> nibble & 15 | (in.get(high + l) >> pair & 3) << 4;
          out[to + l] = dl * (q - 32);
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
    int[] levels = new int[256];
    float[] scales = new float[16];
    for (int b = 0; b < blocks; b++, at += 210, from += 256) {
      for (int group = 0; group < 16; group++) {
        scales[group] = SignedSearch.run(in, from + 16 * group, 32, levels, 16 * group);
      }
      float largest = Extremes.largest(scales, 0, 16);
      if (Math.abs(largest) < SignedSearch.ZERO) {
        for (int i = 0; i < 210; i++) {
          out.put(at + i, (byte) 0);
        }
        continue;
      }
      float iscale = -128 / largest;
      out.putShort(at + 208, HalfFloat.fromFloat(1 / iscale));
      float d = half(out, at + 208);
      for (int group = 0; group < 16; group++) {
        byte scale = (byte) Math.min(127, KSearch.nearest(iscale * scales[group]));
        out.put(at + 192 + group, scale);
        SignedSearch.levels(in, from, levels, 16 * group, d * scale, 32);
      }
      for (int part = 0; part < 2; part++) {
        pack(levels, 128 * part, out, at + 64 * part, at + 128 + 32 * part);
      }
    }
  }

  private static void pack(int[] levels, int from, ByteBuffer out, int low, int high) {
    for (int l = 0; l < 32; l++) {
      int q1 = levels[from + l];
      int q2 = levels[from + 32 + l];
      int q3 = levels[from + 64 + l];
      int q4 = levels[from + 96 + l];
      out.put(low + l, (byte) (q1 & 15 | q3 << 4));
      out.put(low + 32 + l, (byte) (q2 & 15 | q4 << 4));
      out.put(high + l, (byte) (q1 >> 4 | q2 >> 4 << 2 | q3 >> 4 << 4 | q4 >> 4 << 6));
    }
  }
}
