package dev.jllm.core.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HalfFloatTest {
  /** By the definition of binary16, in double precision. */
  private static double byDefinition(int bits) {
    int exponent = bits >> 10 & 31;
    int mantissa = bits & 1023;
    double amount =
        exponent == 31
            ? mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0 ? mantissa * 0x1p-24 : (1024 + mantissa) * Math.pow(2, exponent - 25);
    return (bits & 0x8000) != 0 ? -amount : amount;
  }

  @Test
  void everyHalfIsTheFloatOfItsDefinition() {
    for (int bits = 0; bits < 65536; bits++) {
      float expected = (float) byDefinition(bits);
      float actual = HalfFloat.toFloat((short) bits);
      assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual));
      if (!Float.isNaN(expected)) {
        assertEquals((short) bits, HalfFloat.fromFloat(actual));
      } else {
        assertTrue(Float.isNaN(HalfFloat.toFloat(HalfFloat.fromFloat(actual))));
      }
    }
  }

  @Test
  void betweenTwoHalvesTheNearestIsTakenAndTheEvenOneInTheMiddle() {
    for (int bits = 0; bits < 0x7c00; bits++) {
      // The step to infinity begins where the next number would be, 65536.
      double low = byDefinition(bits);
      double high = bits == 0x7bff ? 65536 : byDefinition(bits + 1);
      float middle = (float) ((low + high) / 2);
      int even = bits & 1;
      assertEquals(bits, HalfFloat.fromFloat(Math.nextDown(middle)));
      assertEquals(bits + even, HalfFloat.fromFloat(middle));
      assertEquals(bits + 1, HalfFloat.fromFloat(Math.nextUp(middle)));
      assertEquals((short) (bits + even | 0x8000), HalfFloat.fromFloat(-middle));
    }
  }

  @Property(tries = 2000)
  void bfloatIsTheNearestUpperHalf(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    float back = HalfFloat.bfloatToFloat(HalfFloat.bfloatFromFloat(value));
    if (Float.isNaN(value)) {
      assertTrue(Float.isNaN(back));
      return;
    }
    float down = Float.intBitsToFloat(bits & 0xffff0000);
    float up = Float.intBitsToFloat((bits & 0xffff0000) + 0x10000);
    double toDown = Math.abs((double) value - down);
    // The step to infinity begins where the next number would be.
    double toUp =
        Math.abs((Float.isInfinite(up) ? Math.copySign(0x1p128, up) : up) - (double) value);
    boolean downIsEven = (bits & 0x10000) == 0;
    if (Float.isInfinite(value)) {
      assertEquals(value, back);
      return;
    }
    assertEquals(toDown < toUp || toDown == toUp && downIsEven ? down : up, back);
  }
}
