package dev.jllm.core.quant;

import java.nio.ByteBuffer;

/** The 12 bytes with eight 6-bit scales and eight 6-bit minima that Q4_K and Q5_K share. */
final class KScales {
  private final KSearch search;
  private final int max;
  private final float[] weights = new float[32];
  private final float[] scales = new float[8];
  private final float[] mins = new float[8];

  /** Quantises with {@code search} to levels up to {@code max}. */
  KScales(KSearch search, int max) {
    this.search = search;
    this.max = max;
  }

  /** Scale {@code j < 8} of the field at {@code at}. */
  static int scale(ByteBuffer in, int at, int j) {
    return j < 4
        ? in.get(at + j) & 63
        : in.get(at + 4 + j) & 15 | (in.get(at + j - 4) >> 6 & 3) << 4;
  }

  /** Minimum {@code j < 8} of the field at {@code at}. */
  static int min(ByteBuffer in, int at, int j) {
    return j < 4
        ? in.get(at + 4 + j) & 63
        : in.get(at + 4 + j) >> 4 & 15 | (in.get(at + j) >> 6 & 3) << 4;
  }

  /** Sets the 256 levels and writes the first 16 bytes of a block: d, dmin, scales and minima. */
  void encode(float[] in, int from, int[] levels, ByteBuffer out, int at) {
    for (int group = 0; group < 8; group++) {
      int first = from + 32 * group;
      float squares = 0;
      for (int l = 0; l < 32; l++) {
        squares += in[first + l] * in[first + l];
      }
      float mean = (float) Math.sqrt(squares / 32);
      for (int l = 0; l < 32; l++) {
        weights[l] = mean + Math.abs(in[first + l]);
      }
      scales[group] = search.run(in, first, weights, levels, 32 * group);
      mins[group] = search.min();
    }
    float maxScale = Math.max(0, Extremes.max(scales, 0, 8));
    float maxMin = Math.max(0, Extremes.max(mins, 0, 8));
    out.putShort(at, HalfFloat.fromFloat(maxScale / 63));
    out.putShort(at + 2, HalfFloat.fromFloat(maxMin / 63));
    for (int group = 0; group < 8; group++) {
      put(out, at + 4, group, sixBits(maxScale, scales[group]), sixBits(maxMin, mins[group]));
    }
    float d = BlockFormat.half(out, at);
    float min = BlockFormat.half(out, at + 2);
    for (int group = 0; group < 8; group++) {
      float dl = d * scale(out, at + 4, group);
      KSearch.levels(in, from, levels, 32 * group, 32, dl, min * min(out, at + 4, group), max);
    }
  }

  /** The scale as a part of the largest; a negative one, a failed fit, wraps to the largest. */
  private static int sixBits(float largest, float value) {
    float inverse = largest > 0 ? 63 / largest : 0;
    return Math.min(63, KSearch.nearest(inverse * value) & 255);
  }

  private static void put(ByteBuffer out, int at, int j, int scale, int min) {
    if (j < 4) {
      out.put(at + j, (byte) scale);
      out.put(at + 4 + j, (byte) min);
    } else {
      out.put(at + 4 + j, (byte) (scale & 15 | min << 4));
      out.put(at + j - 4, (byte) (out.get(at + j - 4) | scale >> 4 << 6));
      out.put(at + j, (byte) (out.get(at + j) | min >> 4 << 6));
    }
  }
}
