package dev.jllm.core.kernel;

/**
 * Inputs rounded to whole numbers for {@link PlainTiledInts}: each four as {@link
 * PlainIntLoops#differences} in {@code ints}, the sums of each 16 numbers as {@code starts}, the
 * sums of the values before rounding as {@code sums}, and the scales as {@code floats}.
 */
final class PlainIntInput {
  private PlainIntInput() {}

  /** The largest number of this form; 0 for forms that are not prepared. */
  private static int largest(InputForm form) {
    switch (form) {
      case NIBBLES_32:
      case NIBBLES_256:
        return 127;
      case BYTES_256:
        return 1023;
      case BYTES_32:
        return PlainMath.CONVERTS ? (1 << 19) - 1 : 1023;
      default:
        return 0;
    }
  }

  /** Values that share a scale. */
  static int block(InputForm form) {
    return form == InputForm.NIBBLES_256 || form == InputForm.BYTES_256 ? 256 : 32;
  }

  /** Bits of the weights that the numbers are multiplied by. */
  private static int bits(InputForm form) {
    return form == InputForm.NIBBLES_32 || form == InputForm.NIBBLES_256 ? 4 : 8;
  }

  /** Makes room; a vector is a part. */
  static int parts(Input in) {
    if (largest(in.form) == 0) {
      return 0;
    }
    int n = in.count * in.columns;
    in.reserve(n / block(in.form), n, n / 16, n / 16);
    return in.count;
  }

  /** Rounds vector {@code t}. */
  static void prepare(Input in, int t) {
    int at = in.at + t * in.stride;
    int to = t * in.columns;
    int block = block(in.form);
    int largest = largest(in.form);
    for (int b = 0; b < in.columns; b += block) {
      float max = 0;
      for (int i = b; i < b + block; i++) {
        max = Math.max(max, Math.abs(in.x[at + i]));
      }
      float d = max / largest;
      in.floats[(to + b) / block] = d;
      float inverse = d == 0 ? 0 : 1 / d;
      for (int i = b; i < b + block; i += 16) {
        round(in, at + i, to + i, inverse, largest);
      }
    }
  }

  private static void round(Input in, int at, int to, float inverse, int largest) {
    int start = 0;
    float sum = 0;
    for (int i = 0; i < 16; i++) {
      float v = in.x[at + i];
      int q = (int) (v * inverse + (v < 0 ? -0.5f : 0.5f));
      q = Math.max(-largest, Math.min(largest, q));
      in.ints[to + i] = q;
      start += q;
      sum += v;
    }
    in.starts[to / 16] = start;
    in.sums[to / 16] = sum;
    for (int i = 0; i < 16; i += 4) {
      PlainIntLoops.differences(in.ints, to + i, bits(in.form));
    }
  }
}
