package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SplitRandomTest {
  @Test
  void givesTheNumbersOfThePublishedGenerator() {
    // The first outputs of xoshiro256** from the state 1, 2, 3, 4, as its implementations test.
    SplitRandom random = SplitRandom.ofState(1, 2, 3, 4);
    long[] expected = {
      11520L,
      0L,
      1509978240L,
      1215971899390074240L,
      1216172134540287360L,
      607988272756665600L,
      -2273821095074991991L,
      8476171486693032832L,
      -7851629734111992839L,
      2904607092377533576L
    };
    long[] got = LongStream.generate(random::nextLong).limit(expected.length).toArray();
    assertArrayEquals(expected, got);
  }

  @Test
  void seedsByTheNumbersOfSplitMix() {
    // The first outputs of SplitMix64 from the seed 1234567.
    SplitRandom expected =
        SplitRandom.ofState(
            6457827717110365317L,
            3203168211198807973L,
            -8629252141511181193L,
            4593380528125082431L);
    SplitRandom random = new SplitRandom(1234567);
    for (int i = 0; i < 10; i++) {
      assertEquals(expected.nextLong(), random.nextLong());
    }
  }

  @Test
  void splitsWithoutMoving() {
    SplitRandom a = new SplitRandom(5);
    SplitRandom child = a.split(7);
    assertEquals(child.nextLong(), a.split(7).nextLong());
    assertNotEquals(a.split(7).nextLong(), a.split(8).nextLong());
    assertEquals(new SplitRandom(5).nextLong(), a.nextLong());
    assertNotEquals(a.split(7).nextLong(), new SplitRandom(5).split(7).nextLong());
  }

  @Test
  void copiesContinueAlike() {
    SplitRandom a = new SplitRandom(9);
    a.nextLong();
    SplitRandom b = a.copy();
    assertEquals(a.nextLong(), b.nextLong());
  }

  @Test
  void fillsTheUnitIntervalEvenly() {
    int[] doubles = new int[100];
    int[] floats = new int[100];
    int[] children = new int[100];
    SplitRandom random = new SplitRandom(3);
    SplitRandom parent = new SplitRandom(4);
    for (int i = 0; i < 100_000; i++) {
      doubles[(int) (100 * random.nextDouble())]++;
      floats[(int) (100 * random.nextFloat())]++;
      children[(int) (100 * parent.split(i).nextDouble())]++;
    }
    double[] even = IntStream.range(0, 100).mapToDouble(i -> 0.01).toArray();
    assertTrue(ChiSquare.fits(doubles, even));
    assertTrue(ChiSquare.fits(floats, even));
    assertTrue(ChiSquare.fits(children, even));
  }
}
