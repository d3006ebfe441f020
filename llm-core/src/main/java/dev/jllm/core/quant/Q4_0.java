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

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, at += 18, from += 32) {
      float d = Extremes.largest(in, from, 32) / -8;
      float id = Extremes.inverse(d);
      out.putShort(at, HalfFloat.fromFloat(d));
      for (int i = 0; i < 16; i++) {
        int low = Math.min(15, (int) (in[from + i] * id + 8.5f));
        int high = Math.min(15, (int) (in[from + 16 + i] * id + 8.5f));
        out.put(at + 2 + i, (byte) (low | high << 4));
      }
    }
  }
}
