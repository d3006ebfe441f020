package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** 128 signs after a half scale {@code d}: {@code x = d} where the bit is set, else {@code −d}. */
final class Q1_0 extends BlockFormat {
  Q1_0() {
    super(GgmlType.Q1_0);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 18, to += 128) {
      float d = half(in, at);
      for (int i = 0; i < 128; i++) {
        out[to + i] = (in.get(at + 2 + (i >> 3)) >> (i & 7) & 1) != 0 ? d : -d;
      }
    }
  }

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, at += 18, from += 128) {
      float sum = 0;
      for (int i = 0; i < 128; i++) {
        sum += Math.abs(in[from + i]);
      }
      out.putShort(at, HalfFloat.fromFloat(sum / 128));
      for (int i = 0; i < 128; i += 8) {
        int bits = 0;
        for (int j = 0; j < 8; j++) {
          bits |= in[from + i + j] >= 0 ? 1 << j : 0;
        }
        out.put(at + 2 + (i >> 3), (byte) bits);
      }
    }
  }
}
