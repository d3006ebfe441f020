package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** 64 values of 2 bits after a half scale {@code d}, four a byte: {@code x = d (q − 1)}. */
final class Q2_0 extends BlockFormat {
  Q2_0() {
    super(GgmlType.Q2_0);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 18, to += 64) {
      float d = half(in, at);
      for (int i = 0; i < 64; i++) {
        out[to + i] = d * ((in.get(at + 2 + (i >> 2)) >> 2 * (i & 3) & 3) - 1);
      }
    }
  }
}
