package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * 256 values of 2 bits in 16 groups: 16 bytes with a 4-bit scale {@code s} and minimum {@code m}
 * each, 64 bytes of values, half {@code d}, half {@code dmin}; {@code x = d s q − dmin m}. In each
 * half of 128 values, bits {@code 2j, 2j + 1} of byte {@code l < 32} hold value {@code 32 j + l}.
 */
final class Q2_K extends BlockFormat {
  Q2_K() {
    super(GgmlType.Q2_K);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 84) {
      float d = half(in, at + 80);
      float min = half(in, at + 82);
      for (int group = 0; group < 16; group++, to += 16) {
        int scale = in.get(at + group);
        float dl = d * (scale & 15);
        float ml = min * (scale >> 4 & 15);
        int q = at + 16 + (group >> 3) * 32 + (group & 1) * 16;
        int shift = group & 6;
        for (int l = 0; l < 16; l++) {
          out[to + l] = dl * (in.get(q + l) >> shift & 3) - ml;
        }
      }
    }
  }
}
