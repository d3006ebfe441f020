package dev.jllm.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HalfSumsTest {
  /** The value of a half's bits, of which the sign is positive. */
  private static double half(int bits) {
    int exponent = bits >>> 10;
    double fraction = (bits & 0x3ff) / 1024.0;
    return exponent == 0 ? fraction * 0x1p-14 : (1 + fraction) * Math.pow(2, exponent - 15);
  }

  @Test
  void halvesStayAndTiesGoToEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = (float) half(bits);
      float high = (float) half(bits + 1);
      float middle = (low + high) / 2;
      assertEquals(low, HalfSums.round(low));
      assertEquals(0, low + HalfSums.round(-low));
      assertEquals((bits & 1) == 0 ? low : high, HalfSums.round(middle));
      assertEquals(low, HalfSums.round(Math.nextDown(middle)));
      assertEquals(high, HalfSums.round(Math.nextUp(middle)));
    }
  }
}
