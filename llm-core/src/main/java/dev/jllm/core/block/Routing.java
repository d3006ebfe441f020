package dev.jllm.core.block;

import java.util.Arrays;

/**
 * Which experts the tokens of a batch use: pairs of token and expert in places sorted by expert.
 * {@code used} pairs a token.
 */
final class Routing {
  private int used;
  private int[] experts = new int[0];
  private float[] weights = new float[0];
  private int[] places = new int[0];
  private int[] tokens = new int[0];
  private float[] placeWeights = new float[0];
  private int[] starts = new int[0];
  private boolean repeats;

  void size(int rows, int usedExperts) {
    used = usedExperts;
    int n = rows * used;
    if (experts.length < n) {
      experts = new int[n];
      weights = new float[n];
      places = new int[n];
      tokens = new int[n];
      placeWeights = new float[n];
    }
  }

  /** Notes the {@code k}th expert of {@code token}. */
  void choose(int token, int k, int expert, float weight) {
    experts[token * used + k] = expert;
    weights[token * used + k] = weight;
  }

  /** The weights of all tokens' experts, {@code used} a token, until they are sorted. */
  float[] weights() {
    return weights;
  }

  /** Sorts the pairs by expert. */
  void sort(int rows, int count) {
    if (starts.length < count + 1) {
      starts = new int[count + 1];
    }
    Arrays.fill(starts, 0, count + 1, 0);
    for (int i = 0; i < rows * used; i++) {
      starts[experts[i] + 1]++;
    }
    repeats = false;
    for (int e = 0; e < count; e++) {
      repeats |= starts[e + 1] > rows;
      starts[e + 1] += starts[e];
    }
    for (int i = 0; i < rows * used; i++) {
      int place = starts[experts[i]]++;
      places[i] = place;
      tokens[place] = i / used;
      placeWeights[place] = weights[i];
    }
    for (int e = count; e > 0; e--) {
      starts[e] = starts[e - 1];
    }
    starts[0] = 0;
  }

  /**
   * Whether some expert has more pairs than there are tokens: a token may use one twice, where
   * groups share it or a file's table of tokens and experts says so.
   */
  boolean repeats() {
    return repeats;
  }

  /** The first place of {@code expert}. */
  int start(int expert) {
    return starts[expert];
  }

  /** The token in a place. */
  int token(int place) {
    return tokens[place];
  }

  /** The weight in a place. */
  float weight(int place) {
    return placeWeights[place];
  }

  /** The place of a token's {@code k}th expert. */
  int place(int token, int k) {
    return places[token * used + k];
  }
}
