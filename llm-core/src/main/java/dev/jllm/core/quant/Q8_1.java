package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * 32 signed bytes after a half scale {@code d} and a half {@code d Σ q}: {@code x = d q}. ggml uses
 * it for activations beside formats with a minimum; files do not hold it.
 */
final class Q8_1 extends BlockFormat {
  Q8_1() {
    super(GgmlType.Q8_1);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 36, to += 32) {
      float d = half(in, at);
      for (int i = 0; i < 32; i++) {
        out[to + i] = d * in.get(at + 4 + i);
      }
    }
  }
}
