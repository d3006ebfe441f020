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

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, at += 18, from += 64) {
      float d = Math.abs(Extremes.largest(in, from, 64));
      float id = Extremes.inverse(d);
      out.putShort(at, HalfFloat.fromFloat(d));
      for (int i = 0; i < 64; i += 4) {
        int bits = 0;
        for (int j = 0; j < 4; j++) {
          int q = Extremes.round(in[from + i + j] * id) + 1;
          bits |= Math.max(0, Math.min(3, q)) << 2 * j;
        }
        out.put(at + 2 + (i >> 2), (byte) bits);
      }
    }
  }
}
