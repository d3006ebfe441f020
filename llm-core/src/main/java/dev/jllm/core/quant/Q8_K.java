package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * 256 signed bytes after a float scale {@code d}, followed by the 16-bit sums of groups of 16:
 * {@code x = d q}. ggml uses it for activations beside the K formats.
 */
final class Q8_K extends BlockFormat {
  Q8_K() {
    super(GgmlType.Q8_K);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 292, to += 256) {
      float d = in.getFloat(at);
      for (int i = 0; i < 256; i++) {
        out[to + i] = d * in.get(at + 4 + i);
      }
    }
  }

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, at += 292, from += 256) {
      float largest = Extremes.largest(in, from, 256);
      float iscale = largest == 0 ? 0 : -127 / largest;
      out.putFloat(at, largest == 0 ? 0 : 1 / iscale);
      for (int group = 0; group < 16; group++) {
        int sum = 0;
        for (int i = 16 * group; i < 16 * group + 16; i++) {
          int q = Math.min(127, KSearch.nearest(iscale * in[from + i]));
          out.put(at + 4 + i, (byte) q);
          sum += q;
        }
        out.putShort(at + 260 + 2 * group, (short) sum);
      }
    }
  }
}
