package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * 256 values of 4 bits in 8 groups: half {@code d}, half {@code dmin}, {@link KScales}, 128 bytes;
 * {@code x = d s q − dmin m}. The low nibbles of 32 bytes are one group, the high ones the next.
 */
final class Q4_K extends BlockFormat {
  Q4_K() {
    super(GgmlType.Q4_K);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 144) {
      float d = half(in, at);
      float min = half(in, at + 2);
      for (int group = 0; group < 8; group += 2, to += 64) {
        float d1 = d * KScales.scale(in, at + 4, group);
        float m1 = min * KScales.min(in, at + 4, group);
        float d2 = d * KScales.scale(in, at + 4, group + 1);
        float m2 = min * KScales.min(in, at + 4, group + 1);
        int q = at + 16 + group * 16;
        for (int l = 0; l < 32; l++) {
          int v = in.get(q + l);
          out[to + l] = d1 * (v & 15) - m1;
          out[to + 32 + l] = d2 * (v >> 4 & 15) - m2;
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
    KScales scales = new KScales(new KSearch(32, 15, -1, 20, false), 15);
    for (int b = 0; b < blocks; b++, at += 144, from += 256) {
      scales.encode(in, from, levels, out, at);
      for (int group = 0; group < 8; group += 2) {
        for (int l = 0; l < 32; l++) {
          int low = levels[32 * group + l];
          int high = levels[32 * group + 32 + l];
          out.put(at + 16 + 16 * group + l, (byte) (low | high << 4));
        }
      }
    }
  }
}
