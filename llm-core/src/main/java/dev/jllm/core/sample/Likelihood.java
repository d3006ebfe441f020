package dev.jllm.core.sample;

/**
 * Sums up how likely a text is, token by token: its log-likelihood, and the perplexity e^(-mean ln
 * p) with its uncertainty.
 */
public final class Likelihood {
  private int tokens;
  private double sum;

  /**
   * Sum of squared deviations from the mean so far (Welford's algorithm, Technometrics 4, 1962).
   */
  private double squares;

  private double mean;

  /** Adds a token of this ln p. */
  public void add(double logProb) {
    tokens++;
    sum += logProb;
    double d = logProb - mean;
    mean += d / tokens;
    squares += d * (logProb - mean);
  }

  /** How many tokens were added. */
  public int tokens() {
    return tokens;
  }

  /** ln p of the whole text, in nats. */
  public double sum() {
    return sum;
  }

  /** Mean ln p of a token; 0 for no tokens. Comparable between texts of different lengths. */
  public double mean() {
    return mean;
  }

  /** e^(-mean ln p): among how many equally likely tokens the model, as it were, had to choose. */
  public double perplexity() {
    return StrictMath.exp(-mean);
  }

  /** The standard error of {@link #perplexity}; 0 for fewer than two tokens. */
  public double perplexityError() {
    if (tokens < 2) {
      return 0;
    }
    return perplexity() * Math.sqrt(squares / (tokens - 1.0) / tokens);
  }
}
