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
}
