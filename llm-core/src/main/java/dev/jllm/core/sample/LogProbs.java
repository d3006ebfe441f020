package dev.jllm.core.sample;

import java.util.Objects;

/**
 * Natural logarithms of token probabilities, and the entropy of a distribution, from logits. Sums
 * are in double precision; the vocabulary is read once for the greatest logit and once for the
 * sums, and nothing is allocated after the first use. NaN and -infinity have probability 0.
 */
public final class LogProbs {
  private final Selection selection = new Selection();
  private float[] logits = new float[0];
  private int offset;
  private int n;
  private double logSum;
  private double entropy;

  /** Whether every logit is -infinity, which counts as all equally likely. */
  private boolean hopeless;

  private int[] topIds = new int[0];
  private double[] topLogProbs = new double[0];

  /** Measures the model's own distribution, {@code logits[offset, offset + n)}. */
  public LogProbs measure(float[] logits, int offset, int n) {
    Objects.checkFromIndexSize(offset, n, logits.length);
    if (n == 0) {
      throw new IllegalArgumentException("no logits to measure");
    }
    this.logits = logits;
    this.offset = offset;
    this.n = n;
    float max = finite(Softmax.max(logits, offset, n));
    double sum = 0;
    double moment = 0;
    for (int i = offset; i < offset + n; i++) {
      double d = Math.min(logits[i], Float.MAX_VALUE) - (double) max;
      if (d > -100) { // below that, even a million tokens add nothing to a double
        double w = Softmax.exp(d);
        sum += w;
        moment += w * d;
      }
    }
    hopeless = !(sum > 0);
    logSum = hopeless ? StrictMath.log(n) : max + StrictMath.log(sum);
    entropy = hopeless ? StrictMath.log(n) : Math.max(0, StrictMath.log(sum) - moment / sum);
    return this;
  }

  /** The logarithm of the sum of the exponentials of {@code logits[offset, offset + n)}. */
  public static double logSumExp(float[] logits, int offset, int n) {
    float max = finite(Softmax.max(logits, offset, n));
    double sum = 0;
    for (int i = offset; i < offset + n; i++) {
      double d = logits[i] - (double) max;
      if (d > -100) {
        sum += Softmax.exp(Math.min(d, 0));
      }
    }
    return sum > 0 ? max + StrictMath.log(sum) : Double.NEGATIVE_INFINITY;
  }

  /** ln p(token) under {@code logits[offset, offset + n)}, at most 0. */
  public static double logProb(float[] logits, int offset, int n, int token) {
    Objects.checkIndex(token, n);
    double sum = logSumExp(logits, offset, n);
    float x = logits[offset + token];
    if (sum == Double.NEGATIVE_INFINITY) {
      return -StrictMath.log(n); // nothing is possible: all are equally likely
    }
    return x > Float.NEGATIVE_INFINITY ? Math.min(0, finite(x) - sum) : Double.NEGATIVE_INFINITY;
  }

  /** ln p(token), -infinity for what is impossible. */
  public double of(int token) {
    Objects.checkIndex(token, n);
    return ofLogit(logits[offset + token]);
  }

  private double ofLogit(float x) {
    if (x > Float.NEGATIVE_INFINITY) {
      return Math.min(0, finite(x) - logSum);
    }
    return hopeless ? -logSum : Double.NEGATIVE_INFINITY;
  }

  /**
   * The entropy in nats: 0 where the model is certain, ln(n) where it has no idea. To tell a
   * confident answer from a guess.
   */
  public double entropy() {
    return entropy;
  }

  /**
   * Finds the {@code k} likeliest tokens; {@link #topId} and {@link #topLogProb} then tell them.
   *
   * @return how many there are, fewer than {@code k} only in a smaller vocabulary
   */
  public int top(int k) {
    int count = Math.min(k, n);
    if (count <= 0) {
      return 0;
    }
    if (topIds.length < count) {
      topIds = new int[count];
      topLogProbs = new double[count];
    }
    long[] best = selection.top(logits, offset, n, count);
    for (int i = 0; i < count; i++) {
      topIds[i] = Selection.position(best[i]);
      topLogProbs[i] = ofLogit(Selection.logit(best[i]));
    }
    return count;
  }

  /** The {@code i}-th likeliest token as of the last {@link #top}. */
  public int topId(int i) {
    return topIds[i];
  }

  /** ln p of the {@code i}-th likeliest token as of the last {@link #top}. */
  public double topLogProb(int i) {
    return topLogProbs[i];
  }

  /** ln p of the candidate at index {@code i} after a chain has acted. */
  public static double after(Candidates candidates, int i) {
    candidates.softmax();
    return StrictMath.log(candidates.probability(i));
  }

  /** The entropy of the candidates in nats after a chain has acted. */
  public static double entropyAfter(Candidates candidates) {
    candidates.softmax();
    double entropy = 0;
    for (int i = 0; i < candidates.size(); i++) {
      double p = candidates.probability(i);
      if (p > 0) {
        entropy -= p * StrictMath.log(p);
      }
    }
    return entropy;
  }

  private static float finite(float x) {
    return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, x));
  }
}
