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

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, at += 22, from += 32) {
      float d = Extremes.largest(in, from, 32) / -16;
      float id = Extremes.inverse(d);
      out.putShort(at, HalfFloat.fromFloat(d));
      int fifth = 0;
      for (int i = 0; i < 16; i++) {
        int low = Math.min(31, (int) (in[from + i] * id + 16.5f));
        int high = Math.min(31, (int) (in[from + 16 + i] * id + 16.5f));
        out.put(at + 6 + i, (byte) (low & 15 | high << 4));
        fifth |= low >> 4 << i | high >> 4 << 16 + i;
      }
      out.putInt(at + 2, fifth);
    }
  }
}
