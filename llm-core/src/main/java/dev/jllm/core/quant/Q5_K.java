package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * As {@link Q4_K}, with 32 bytes of fifth bits before the nibbles: bit {@code g} of byte {@code l}
 * belongs to value {@code l} of group {@code g}.
 */
final class Q5_K extends BlockFormat {
  Q5_K() {
    super(GgmlType.Q5_K);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 176) {
      float d = half(in, at);
      float min = half(in, at + 2);
      for (int group = 0; group < 8; group += 2, to += 64) {
        float d1 = d * KScales.scale(in, at + 4, group);
        float m1 = min * KScales.min(in, at + 4, group);
        float d2 = d * KScales.scale(in, at + 4, group + 1);
        float m2 = min * KScales.min(in, at + 4, group + 1);
        int q = at + 48 + group * 16;
        for (int l = 0; l < 32; l++) {
          int v = in.get(q + l);
          int high = in.get(at + 16 + l) >> group;
          out[to + l] = d1 * (v & 15 | (high & 1) << 4) - m1;
          out[to + 32 + l] = d2 * (v >> 4 & 15 | (high & 2) << 3) - m2;
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
    KScales scales = new KScales(new KSearch(32, 31, -0.5f, 15, false), 31);
    for (int b = 0; b < blocks; b++, at += 176, from += 256) {
      scales.encode(in, from, levels, out, at);
      for (int l = 0; l < 32; l++) {
        int fifth = 0;
        for (int group = 0; group < 8; group++) {
          fifth |= levels[32 * group + l] >> 4 << group;
        }
        out.put(at + 16 + l, (byte) fifth);
      }
      for (int group = 0; group < 8; group += 2) {
        for (int l = 0; l < 32; l++) {
          int low = levels[32 * group + l] & 15;
          int high = levels[32 * group + 32 + l] & 15;
          out.put(at + 48 + 16 * group + l, (byte) (low | high << 4));
        }
      }
    }
  }
}
