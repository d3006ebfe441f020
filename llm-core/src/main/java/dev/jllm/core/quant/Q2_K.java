package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * 256 values of 2 bits in 16 groups: 16 bytes with a 4-bit scale {@code s} and minimum {@code m}
 * each, 64 bytes of values, half {@code d}, half {@code dmin}; {@code x = d s q − dmin m}. In each
 * half of 128 values, bits {@code 2j, 2j + 1} of byte {@code l < 32} hold value {@code 32 j + l}.
 */
final class Q2_K extends BlockFormat {
  Q2_K() {
    super(GgmlType.Q2_K);
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 84) {
      float d = half(in, at + 80);
      float min = half(in, at + 82);
      for (int group = 0; group < 16; group++, to += 16) {
        int scale = in.get(at + group);
        float dl = d * (scale & 15);
        float ml = min * (scale >> 4 & 15);
        int q = at + 16 + (group >> 3) * 32 + (group & 1) * 16;
        int shift = group & 6;
        for (int l = 0; l < 16; l++) {
          out[to + l] = dl * (in.get(q + l) >> shift & 3) - ml;
        }
      }
    }
  }

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    int[] levels = new int[256];
    float[] weights = new float[16];
    float[] scales = new float[16];
    float[] mins = new float[16];
    KSearch search = new KSearch(16, 3, -0.5f, 15, true);
    for (int b = 0; b < blocks; b++, at += 84, from += 256) {
      for (int group = 0; group < 16; group++) {
        for (int l = 0; l < 16; l++) {
          weights[l] = Math.abs(in[from + 16 * group + l]);
        }
        scales[group] = search.run(in, from + 16 * group, weights, levels, 16 * group);
        mins[group] = search.min();
      }
      float maxScale = Math.max(0, Extremes.max(scales, 0, 16));
      float maxMin = Math.max(0, Extremes.max(mins, 0, 16));
      out.putShort(at + 80, HalfFloat.fromFloat(maxScale / 15));
      out.putShort(at + 82, HalfFloat.fromFloat(maxMin / 15));
      float d = half(out, at + 80);
      float min = half(out, at + 82);
      for (int group = 0; group < 16; group++) {
        int scale = maxScale > 0 ? KSearch.nearest(15 / maxScale * scales[group]) : 0;
        scale |= maxMin > 0 ? KSearch.nearest(15 / maxMin * mins[group]) << 4 : 0;
        out.put(at + group, (byte) scale);
        float dl = d * (scale & 15);
        KSearch.levels(in, from, levels, 16 * group, 16, dl, min * (scale >> 4 & 15), 3);
      }
      KSearch.packPairs(levels, out, at + 16);
    }
  }
}
