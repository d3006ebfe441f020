package dev.jllm.core.quant;

/**
 * Conversions between float and the two 16-bit formats: IEEE 754 binary16 (F16) and bfloat16
 * (BF16). All are exact to the bit, rounding to nearest, ties to even, as the hardware instructions
 * do; NaN stays NaN (made quiet).
 */
public final class HalfFloat {
  private static final float TWO_TO_112 = 0x1p112f;

  private HalfFloat() {}

  /** The float equal to the binary16 number with the bits {@code half}. */
  public static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = (half & 0x7fff) << 13;
    if (magnitude >= 0x7c00 << 13) {
      int quiet = magnitude == 0x7c00 << 13 ? 0 : 0x400000;
      return Float.intBitsToFloat(sign | 0x70000000 | magnitude | quiet);
    }
    // Shifted into place the exponent is too small by 112; subnormal halves are subnormal floats.
    return Float.intBitsToFloat(sign | magnitude) * TWO_TO_112;
  }

  /** The bits of the binary16 number nearest to {@code value}; infinite from 65520 on. */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00 | ((magnitude >> 13) & 0x3ff));
    }
    if (magnitude >= 0x477ff000) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) {
      // Adding 0.5 leaves the number in units of 2^-24, those of a subnormal half, and rounds it.
      float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | (Float.floatToRawIntBits(shifted) - 0x3f000000));
    }
    int odd = (magnitude >> 13) & 1;
    return (short) (sign | ((magnitude - 0x38000000 + 0xfff + odd) >> 13));
  }

  /** The float equal to the bfloat16 number with the bits {@code half}. */
  public static float bfloatToFloat(short half) {
    return Float.intBitsToFloat(half << 16);
  }

  /** The bits of the bfloat16 number nearest to {@code value}. */
  public static short bfloatFromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7fffffff) > 0x7f800000) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
