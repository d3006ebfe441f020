package dev.jllm.core.cache;

/** Rows of 16-bit floats. */
final class F16Rows extends KvRows {
  private final short[] data;

  F16Rows(int heads, int dim, boolean columns) {
    this(heads, dim, columns, new short[heads * SLOTS * dim]);
  }

  private F16Rows(int heads, int dim, boolean columns, short[] data) {
    super(heads, dim, columns);
    this.data = data;
  }

  @Override
  public void store(float[] source, int offset, int slot) {
    int step = step();
    for (int h = 0; h < heads; h++) {
      int to = at(h, slot);
      for (int c = 0; c < dim; c++) {
        data[to + c * step] = toHalf(source[offset + h * dim + c]);
      }
    }
  }

  @Override
  public void scores(float[] q, int count, int head, int rows, float[] scores) {
    if (columns) {
      ATTENTION.scores(q, count, dim, data, at(head, 0), scores);
      return;
    }
    float[] row = panel(dim);
    for (int i = 0; i < rows; i++) {
      ATTENTION.toFloats(data, at(head, i), row, 0, dim);
      for (int j = 0; j < count; j++) {
        scores[j * SLOTS + i] = FLOATS.dot(q, j * dim, row, 0, dim);
      }
    }
  }

  @Override
  public void mix(
      float[] weights, int count, int head, int from, int rows, float[] out, int width) {
    ATTENTION.mix(weights, count, from, rows, data, at(head, 0), dim, out, width);
  }

  @Override
  public KvRows copy() {
    return new F16Rows(heads, dim, columns, data.clone());
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
