package dev.jllm.core.cache;

/** Rows of 16-bit floats. */
final class F16Rows extends KvRows {
  private final short[] data;

  F16Rows(int heads, int dim) {
    this(heads, dim, new short[heads * SLOTS * dim]);
  }

  private F16Rows(int heads, int dim, short[] data) {
    super(heads, dim);
    this.data = data;
  }

  @Override
  public void store(float[] source, int offset, int slot) {
    for (int h = 0; h < heads; h++) {
      int to = at(h, slot);
      for (int c = 0; c < dim; c++) {
        data[to + c] = toHalf(source[offset + h * dim + c]);
      }
    }
  }

  @Override
  public void scores(float[] q, int count, int head, int rows, float[] scores) {
    for (int i = 0; i < rows; i++) {
      int row = at(head, i);
      for (int j = 0; j < count; j++) {
        float s0 = 0;
        float s1 = 0;
        int c = 0;
        for (; c + 1 < dim; c += 2) {
          s0 += q[j * dim + c] * toFloat(data[row + c]);
          s1 += q[j * dim + c + 1] * toFloat(data[row + c + 1]);
        }
        if (c < dim) {
          s0 += q[j * dim + c] * toFloat(data[row + c]);
        }
        scores[j * SLOTS + i] = s0 + s1;
      }
    }
  }

  @Override
  public void mix(
      float[] weights, int count, int head, int from, int rows, float[] out, int width) {
    for (int i = from; i < rows; i++) {
      int row = at(head, i);
      for (int j = 0; j < count; j++) {
        float w = weights[j * SLOTS + i];
        if (w != 0) {
          int to = j * width;
          for (int c = 0; c < width; c++) {
            out[to + c] += w * toFloat(data[row + c]);
          }
        }
      }
    }
  }

  @Override
  public KvRows copy() {
    return new F16Rows(heads, dim, data.clone());
  }

  @Override
  public long bytes() {
    return 2L * data.length;
  }

  /**
   * The float that a half stands for. Shifting a half's bits into a float's place and multiplying
   * by 2^112 mends the exponent, subnormal numbers included; infinities are set apart.
   */
  static float toFloat(short half) {
    int magnitude = (half & 0x7fff) << 13;
    float value = Float.intBitsToFloat(magnitude) * 0x1p112f;
    int bits = Float.floatToRawIntBits(value);
    if (magnitude >= 0x7c00 << 13) {
      bits = magnitude | 0x7f800000;
    }
    return Float.intBitsToFloat(bits | (half & 0x8000) << 16);
  }

  /** The half nearest to {@code value}, ties to even; too large ones become infinite. */
  static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x477ff000) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) {
      // Below 2^-14: adding 0.5 lets the addition round to steps of 2^-24.
      float rounded = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | (Float.floatToRawIntBits(rounded) - 0x3f000000));
    }
    int odd = magnitude >>> 13 & 1;
    return (short) (sign | (magnitude + 0xfff + odd - (112 << 23)) >>> 13);
  }
}
