package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogProbsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 13, 500, 70_000})
  void agreesWithTheDefinition(int n) {
    Random random = new Random(n);
    float[] row = new float[n + 5];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (4 * random.nextGaussian() - 20);
    }
    row[5 + n / 2] = Float.NEGATIVE_INFINITY;
    row[5 + n / 3] = 7;
    double sum = IntStream.range(5, row.length).mapToDouble(i -> Math.exp(row[i])).sum();
    LogProbs logProbs = new LogProbs().measure(row, 5, n);
    double entropy = 0;
    for (int i = 0; i < n; i++) {
      double expected = row[5 + i] - Math.log(sum);
      if (row[5 + i] > Float.NEGATIVE_INFINITY) {
        assertEquals(expected, logProbs.of(i), 1e-9);
        entropy -= Math.exp(expected) * expected;
      } else {
        assertEquals(Double.NEGATIVE_INFINITY, logProbs.of(i));
      }
    }
    assertEquals(logProbs.of(n - 1), LogProbs.logProb(row, 5, n, n - 1), 1e-9);
    assertEquals(entropy, logProbs.entropy(), 1e-9);
    assertEquals(Math.log(sum), LogProbs.logSumExp(row, 5, n), 1e-9);
    int top = logProbs.top(10);
    assertEquals(Math.min(10, n), top);
    for (int i = 0; i < top; i++) {
      assertEquals(logProbs.of(logProbs.topId(i)), logProbs.topLogProb(i));
      assertTrue(i == 0 || logProbs.topLogProb(i) <= logProbs.topLogProb(i - 1));
    }
    assertEquals(n / 3, logProbs.topId(0));
  }

  @Test
  void knowsCertaintyAndIgnorance() {
    LogProbs logProbs = new LogProbs();
    assertEquals(0, logProbs.measure(new float[] {90, -90}, 0, 2).entropy(), 1e-12);
    assertEquals(Math.log(4), logProbs.measure(new float[4], 0, 4).entropy(), 1e-12);
    float no = Float.NEGATIVE_INFINITY;
    logProbs.measure(new float[] {no, no, no}, 0, 3);
    assertEquals(Math.log(3), logProbs.entropy(), 1e-12);
    assertEquals(-Math.log(3), logProbs.of(1), 1e-12);
    logProbs.measure(new float[] {Float.NaN, 3, Float.POSITIVE_INFINITY}, 0, 3);
    assertEquals(Double.NEGATIVE_INFINITY, logProbs.of(0));
    assertTrue(logProbs.of(1) < -1e38);
    assertEquals(0, logProbs.of(2));
  }

  @Test
  void tellsWhatAChainLeft() {
    Candidates c = new Candidates().load(new float[] {1, 2, 3, 4});
    c.keepTop(2);
    double p = 1 / (1 + Math.exp(-1));
    assertEquals(Math.log(p), LogProbs.after(c, 0), 1e-6);
    assertEquals(-p * Math.log(p) - (1 - p) * Math.log(1 - p), LogProbs.entropyAfter(c), 1e-6);
  }

  @Test
  void sumsUpATextsLikelihood() {
    Likelihood text = new Likelihood();
    double[] logs = {-1, -2, -0.5, -4};
    for (double l : logs) {
      text.add(l);
    }
    assertEquals(-7.5, text.sum(), 1e-12);
    assertEquals(-1.875, text.mean(), 1e-12);
    assertEquals(Math.exp(1.875), text.perplexity(), 1e-9);
    double variance = 0;
    for (double l : logs) {
      variance += (l + 1.875) * (l + 1.875) / 3;
    }
    assertEquals(Math.exp(1.875) * Math.sqrt(variance / 4), text.perplexityError(), 1e-9);
  }

  @Test
  void exponentialsAreAccurate() {
    Random random = new Random(1);
    double worst = 0;
    for (int i = 0; i < 200_000; i++) {
      double x = -700 * random.nextDouble() * random.nextDouble();
      worst = Math.max(worst, Math.abs(Softmax.exp(x) / StrictMath.exp(x) - 1));
    }
    assertTrue(worst < 1e-11, () -> "relative error");
    assertEquals(1, Softmax.exp(0));
    assertEquals(0, Softmax.exp(Double.NEGATIVE_INFINITY));
    assertEquals(0, Softmax.exp(Double.NaN));
  }
}
