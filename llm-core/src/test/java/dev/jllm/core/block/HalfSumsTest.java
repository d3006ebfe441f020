package dev.jllm.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.cache.KvLayer;
import dev.jllm.core.cache.KvRows;
import java.util.Random;
import java.util.TreeSet;
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

  /** The float that a half next to {@code x} is, looked up among all halves. */
  private static float nearest(float x, TreeSet<Float> halves) {
    Float low = halves.floor(x);
    Float high = halves.ceiling(x);
    double below = (double) x - low;
    double above = (double) high - x;
    boolean even = (Float.floatToIntBits(low) >>> 13 & 1) == 0;
    return below < above || below == above && even ? low : high;
  }

  /** Scores that fall, rise and are left out; each step's sum must be a half. */
  @Test
  void everyTokenRoundsTheSum() {
    TreeSet<Float> halves = new TreeSet<>();
    for (int bits = 0; bits <= 0x7bff; bits++) {
      halves.add((float) half(bits));
      halves.add((float) -half(bits));
    }
    int width = 16;
    int heads = 2;
    int head = 1;
    int rows = 40;
    Random random = new Random(4);
    KvLayer layer = new KvLayer(KvFormat.F16, KvFormat.F16, heads, width, width, 0);
    layer.reserve(0, rows);
    KvRows values = layer.values(0);
    float[][] row = new float[rows][heads * width];
    for (int i = 0; i < rows; i++) {
      for (int c = 0; c < heads * width; c++) {
        row[i][c] = nearest((float) random.nextGaussian(), halves);
      }
      values.store(row[i], 0, i);
    }
    AttentionScratch s = new AttentionScratch();
    s.size(2, width, width);
    int j = 1;
    for (int i = 0; i < rows; i++) {
      float score = (float) random.nextGaussian() * 3;
      s.scores[j * KvRows.SLOTS + i] = i % 7 == 3 ? Float.NEGATIVE_INFINITY : score;
    }
    float[] out = new float[width];
    float sum = 0;
    float max = Float.NEGATIVE_INFINITY;
    int low = 2;
    for (int i = low; i < rows; i++) {
      float score = s.scores[j * KvRows.SLOTS + i];
      float top = Math.max(max, score);
      if (score == Float.NEGATIVE_INFINITY) {
        continue;
      }
      float shrink = (float) Math.exp(max - top);
      float weight = (float) Math.exp(score - top);
      for (int c = 0; c < width; c++) {
        float kept = max < top ? nearest(out[c] * shrink, halves) : out[c];
        out[c] = nearest(kept + row[i][head * width + c] * weight, halves);
      }
      sum = sum * shrink + weight;
      max = top;
    }
    HalfSums.add(s, j, values, head, low, rows, width, new float[width]);
    assertEquals(max, s.max[j]);
    assertEquals(sum, s.sum[j]);
    for (int c = 0; c < width; c++) {
      assertEquals(out[c], s.out[j * width + c], "value " + c);
      assertEquals(0, s.out[c], "the other query");
    }
  }
}
