package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * 256 values of 3 bits in 16 groups: 32 bytes of third bits, 64 bytes of lower bits (as in {@link
 * Q2_K}), 12 bytes of 6-bit scales {@code s}, half {@code d}; {@code x = d (s − 32) (q − 4)}. Bit
 * {@code j} of byte {@code l} of the third bits belongs to value {@code 32 j + l}.
 */
final class Q3_K extends BlockFormat {
  Q3_K() {
    super(GgmlType.Q3_K);
  }

  /** The scale of a group: lower nibbles in bytes 0 to 7, upper pairs of bits in bytes 8 to 11. */
  private static int scale(ByteBuffer in, int at, int group) {
    int low = in.get(at + (group & 7)) >> 4 * (group >> 3) & 15;
    int high = in.get(at + 8 + (group & 3)) >> 2 * (group >> 2) & 3;
    return low | high << 4;
  }

  @Override
  void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
    for (int b = 0; b < blocks; b++, at += 110) {
      float d = half(in, at + 108);
      for (int group = 0; group < 16; group++, to += 16) {
        float dl = d * (scale(in, at + 96, group) - 32);
        int q = at + 32 + (group >> 3) * 32 + (group & 1) * 16;
        int h = at + (group & 1) * 16;
        int shift = group & 6;
        int bit = group >> 1;
        for (int l = 0; l < 16; l++) {
          int high = in.get(h + l) >> bit & 1;
          out[to + l] = dl * ((in.get(q + l) >> shift & 3 | high << 2) - 4);
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
    float[] scales = new float[16];
    for (int b = 0; b < blocks; b++, at += 110, from += 256) {
      for (int group = 0; group < 16; group++) {
        scales[group] = SignedSearch.refine(in, from + 16 * group, 4, levels, 16 * group);
      }
      float largest = Extremes.largest(scales, 0, 16);
      float iscale = -32 / largest;
      float d = largest == 0 ? 0 : 1 / iscale;
      out.putShort(at + 108, HalfFloat.fromFloat(d));
      d = half(out, at + 108);
      for (int i = 96; i < 108; i++) {
        out.put(at + i, (byte) 0);
      }
      for (int group = 0; group < 16; group++) {
        int scale = 0;
        if (largest != 0) {
          scale = Math.max(-32, Math.min(31, KSearch.nearest(iscale * scales[group]))) + 32;
          putScale(out, at + 96, group, scale);
        }
        SignedSearch.levels(in, from, levels, 16 * group, d * (scale - 32), 4);
      }
      for (int l = 0; l < 32; l++) {
        int high = 0;
        for (int bit = 0; bit < 8; bit++) {
          high |= levels[32 * bit + l] >> 2 << bit;
          levels[32 * bit + l] &= 3;
        }
        out.put(at + l, (byte) high);
      }
      KSearch.packPairs(levels, out, at + 32);
    }
  }

  private static void putScale(ByteBuffer out, int at, int group, int scale) {
    int low = at + (group & 7);
    out.put(low, (byte) (out.get(low) | (scale & 15) << 4 * (group >> 3)));
    int high = at + 8 + (group & 3);
    out.put(high, (byte) (out.get(high) | scale >> 4 << 2 * (group >> 2)));
  }
}
