package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * 32 values of 5 bits: half scale {@code d}, the 32 fifth bits as one integer, nibbles as in {@link
 * Q4_0}; {@code x = d (q − 16)}.
 */
final class Q5_0 extends BlockFormat {
  Q5_0() {
    super(GgmlType.Q5_0);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 22, to += 32) {
      float d = half(in, at);
      int high = in.getInt(at + 2);
      for (int i = 0; i < 16; i++) {
        int q = in.get(at + 6 + i);
        out[to + i] = d * ((q & 15 | high >>> i << 4 & 16) - 16);
        out[to + 16 + i] = d * ((q >> 4 & 15 | high >>> 12 + i & 16) - 16);
      }
    }
  }
}
