package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** As {@link Q4_0}, but with a half minimum {@code m} after the scale: {@code x = d q + m}. */
final class Q4_1 extends BlockFormat {
  Q4_1() {
    super(GgmlType.Q4_1);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 20, to += 32) {
      float d = half(in, at);
      float m = half(in, at + 2);
      for (int i = 0; i < 16; i++) {
        int q = in.get(at + 4 + i);
        out[to + i] = d * (q & 15) + m;
        out[to + 16 + i] = d * (q >> 4 & 15) + m;
      }
    }
  }

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, at += 20, from += 32) {
      float min = Extremes.min(in, from, 32);
      float d = (Extremes.max(in, from, 32) - min) / 15;
      float id = Extremes.inverse(d);
      out.putShort(at, HalfFloat.fromFloat(d));
      out.putShort(at + 2, HalfFloat.fromFloat(min));
      for (int i = 0; i < 16; i++) {
        int low = Math.min(15, (int) ((in[from + i] - min) * id + 0.5f));
        int high = Math.min(15, (int) ((in[from + 16 + i] - min) * id + 0.5f));
        out.put(at + 4 + i, (byte) (low | high << 4));
      }
    }
  }
}
