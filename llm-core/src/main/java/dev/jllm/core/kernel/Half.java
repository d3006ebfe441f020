package dev.jllm.core.kernel;

/** IEEE 754 binary16. */
public final class Half {
  private Half() {}

  /** The value of the bits {@code h}. */
  public static float toFloat(short h) {
    int sign = (h & 0x8000) << 16;
    int exponent = h >> 10 & 31;
    if (exponent == 31) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (h & 0x3ff) << 13);
    }
    // The exponent counts from −127 instead of −15 when the bits stand for a float.
    float magnitude = Float.intBitsToFloat((h & 0x7fff) << 13) * 0x1p112f;
    return sign == 0 ? magnitude : -magnitude;
  }

  /** The nearest value, ties to even, as bits. */
  public static short fromFloat(float f) {
    int bits = Float.floatToRawIntBits(f);
    int sign = bits >>> 16 & 0x8000;
    int m = bits & 0x7fffffff;
    if (m >= 0x7f800000) {
      return (short) (sign | (m > 0x7f800000 ? 0x7e00 : 0x7c00));
    }
    if (m >= 0x477ff000) { // rounds beyond the largest
      return (short) (sign | 0x7c00);
    }
    if (m < 0x38800000) { // below the smallest normal: let the addition round
      int rounded = Float.floatToRawIntBits(Float.intBitsToFloat(m) + 0.5f) - 0x3f000000;
      return (short) (sign | rounded);
    }
    int rounded = m + 0xfff + (m >> 13 & 1);
    return (short) (sign | rounded - 0x38000000 >>> 13);
  }
}
