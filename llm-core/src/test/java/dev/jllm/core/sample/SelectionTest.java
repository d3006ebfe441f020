package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
  private final Selection selection = new Selection();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 255, 256, 257, 1000, 4097, 20_000})
  void findsWhatSortingFinds(int n) {
    Random random = new Random(n);
    for (String shape : new String[] {"random", "ties", "ascending", "descending", "equal"}) {
      float[] x = new float[n + 3];
      for (int i = 0; i < x.length; i++) {
        x[i] =
            switch (shape) {
              case "ties" -> random.nextInt(7) - 3;
              case "ascending" -> i;
              case "descending" -> -i;
              case "equal" -> 1;
              default -> (float) random.nextGaussian();
            };
      }
      for (int k : new int[] {1, 2, 40, n / 5, n / 3, n - 1, n}) {
        if (k >= 1 && k <= n) {
          check(x, 3, n, k);
        }
      }
    }
  }

  private void check(float[] x, int offset, int n, int k) {
    int[] expected =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -x[offset + i]))
            .limit(k)
            .mapToInt(i -> i)
            .toArray();
    long[] got = selection.top(x, offset, n, k);
    for (int i = 0; i < k; i++) {
      assertEquals(expected[i], Selection.position(got[i]));
      assertEquals(x[offset + expected[i]], Selection.logit(got[i]));
    }
  }

  @Test
  void ranksWhatIsNoNumberLast() {
    float[] x = {
      Float.NaN, -1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 0f, Float.MIN_VALUE
    };
    long[] keys = selection.top(x, 0, x.length, x.length);
    int[] order = {2, 6, 4, 5, 1, 0, 3};
    for (int i = 0; i < order.length; i++) {
      assertEquals(order[i], Selection.position(keys[i]));
    }
    assertEquals(Float.MAX_VALUE, Selection.logit(keys[0]));
    assertTrue(Selection.logit(keys[5]) == Float.NEGATIVE_INFINITY);
  }
}
