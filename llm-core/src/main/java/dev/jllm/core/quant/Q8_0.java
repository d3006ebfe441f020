package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** 32 signed bytes after a half scale {@code d}: {@code x = d q}. */
final class Q8_0 extends BlockFormat {
  Q8_0() {
    super(GgmlType.Q8_0);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 34, to += 32) {
      float d = half(in, at);
      for (int i = 0; i < 32; i++) {
        out[to + i] = d * in.get(at + 2 + i);
      }
    }
  }

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, at += 34, from += 32) {
      float d = Math.abs(Extremes.largest(in, from, 32)) / 127;
      float id = Extremes.inverse(d);
      out.putShort(at, HalfFloat.fromFloat(d));
      for (int i = 0; i < 32; i++) {
        out.put(at + 2 + i, (byte) Extremes.round(in[from + i] * id));
      }
    }
  }
}
