package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** As {@link Q5_0}, but with a half minimum {@code m} after the scale: {@code x = d q + m}. */
final class Q5_1 extends BlockFormat {
  Q5_1() {
    super(GgmlType.Q5_1);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 24, to += 32) {
      float d = half(in, at);
      float m = half(in, at + 2);
      int high = in.getInt(at + 4);
      for (int i = 0; i < 16; i++) {
        int q = in.get(at + 8 + i);
        out[to + i] = d * (q & 15 | high >>> i << 4 & 16) + m;
        out[to + 16 + i] = d * (q >> 4 & 15 | high >>> 12 + i & 16) + m;
      }
    }
  }

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, at += 24, from += 32) {
      float min = Extremes.min(in, from, 32);
      float d = (Extremes.max(in, from, 32) - min) / 31;
      float id = Extremes.inverse(d);
      out.putShort(at, HalfFloat.fromFloat(d));
      out.putShort(at + 2, HalfFloat.fromFloat(min));
      int fifth = 0;
      for (int i = 0; i < 16; i++) {
        int low = Math.min(31, (int) ((in[from + i] - min) * id + 0.5f));
        int high = Math.min(31, (int) ((in[from + 16 + i] - min) * id + 0.5f));
        out.put(at + 8 + i, (byte) (low & 15 | high << 4));
        fifth |= low >> 4 << i | high >> 4 << 16 + i;
      }
      out.putInt(at + 4, fifth);
    }
  }
}
