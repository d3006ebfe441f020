package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * 32 values of 4 bits: half scale {@code d}, 16 bytes; value {@code i} is the low nibble of byte
 * {@code i}, value {@code i + 16} the high one; {@code x = d (q − 8)}.
 */
final class Q4_0 extends BlockFormat {
  Q4_0() {
    super(GgmlType.Q4_0);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 18, to += 32) {
      float d = half(in, at);
      for (int i = 0; i < 16; i++) {
        int q = in.get(at + 2 + i);
        out[to + i] = d * ((q & 15) - 8);
        out[to + 16 + i] = d * ((q >> 4 & 15) - 8);
      }
    }
  }
}
