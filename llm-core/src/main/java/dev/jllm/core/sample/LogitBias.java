package dev.jllm.core.sample;

import java.util.Map;

/** Adds a bias to the logits of certain tokens; -infinity forbids a token. */
public final class LogitBias implements Sampler {
  private final int[] tokens;
  private final float[] biases;

  /** From a token to its place in the arrays plus 1. */
  private final IntMap places = new IntMap();

  /** Tokens that are no candidates are passed over. */
  public LogitBias(Map<Integer, Float> biases) {
    tokens = new int[biases.size()];
    this.biases = new float[tokens.length];
    int n = 0;
    for (Map.Entry<Integer, Float> e : biases.entrySet()) {
      float bias = e.getValue();
      int token = Arguments.count("a token with a logit bias", e.getKey());
      if (Float.isNaN(bias) || bias == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "the logit bias of token "
                + token
                + " must be a number below infinity, but is "
                + bias);
      }
      tokens[n] = token;
      this.biases[n++] = bias;
      places.put(token, n);
    }
  }

  @Override
  public String name() {
    return "logit_bias";
  }

  @Override
  public void apply(Candidates candidates) {
    if (tokens.length == 0) {
      return;
    }
    float[] x = candidates.logits();
    if (candidates.whole()) {
      for (int i = 0; i < tokens.length; i++) {
        if (tokens[i] < candidates.size()) {
          x[tokens[i]] += biases[i];
        }
      }
    } else {
      for (int i = 0; i < candidates.size(); i++) {
        int place = places.get(candidates.id(i));
        if (place > 0) {
          x[i] += biases[place - 1];
        }
      }
    }
    candidates.reordered();
  }

  @Override
  public LogitBias copy() {
    return this;
  }
}
