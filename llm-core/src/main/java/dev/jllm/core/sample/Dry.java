package dev.jllm.core.sample;

/**
 * Don't Repeat Yourself: makes a token less likely if it would prolong a sequence that stands
 * earlier in the text, by {@code multiplier · base^(length - allowedLength)}, where length is that
 * of the repetition so far. A repetition never reaches back over a sequence breaker.
 *
 * <p>P. E. Weidmann, 2024: github.com/oobabooga/text-generation-webui/pull/5677. The lengths of all
 * repetitions come from the Z-algorithm (D. Gusfield: Algorithms on Strings, Trees, and Sequences,
 * 1997, chapter 1) over the reversed text, in linear time.
 */
public final class Dry implements Sampler {
  /** The natural logarithm of the greatest float: where the power would overflow. */
  private static final float LOG_OF_GREATEST = 88.7228391f;

  private final float multiplier;
  private final float base;
  private final int allowedLength;
  private final int lastN;
  private final SequenceBreakers breakers;
  private final TokenHistory history;

  /** By distance from the last token: how long the text up to there equals the end of the text. */
  private int[] repeats = new int[0];

  /** By token: 1 + the length of the longest repetition that it would prolong. */
  private final IntMap longest = new IntMap();

  /**
   * A {@code multiplier} of 0, a {@code base} below 1 or a {@code lastN} of 0 changes nothing.
   *
   * @param lastN how many of the last tokens to look at; for the whole context, its size
   * @param allowedLength the longest repetition that costs nothing more than {@code multiplier}
   */
  public Dry(
      float multiplier, float base, int allowedLength, int lastN, SequenceBreakers breakers) {
    this.multiplier = Arguments.number("dry_multiplier", multiplier);
    this.base = Arguments.number("dry_base", base);
    this.allowedLength = Arguments.count("dry_allowed_length", allowedLength);
    this.lastN = Arguments.count("dry_penalty_last_n", lastN);
    this.breakers = breakers;
    history = new TokenHistory(lastN);
  }

  private Dry(Dry other) {
    multiplier = other.multiplier;
    base = other.base;
    allowedLength = other.allowedLength;
    lastN = other.lastN;
    breakers = other.breakers;
    history = new TokenHistory(other.history);
  }

  private boolean idle() {
    return multiplier == 0 || base < 1 || lastN == 0;
  }

  @Override
  public String name() {
    return "dry";
  }

  @Override
  public void accept(int token) {
    if (!idle()) {
      history.add(token);
    }
  }

  @Override
  public void apply(Candidates candidates) {
    int n = history.size();
    if (idle() || n <= allowedLength) {
      return;
    }
    int limit = breakers.distance(history);
    if (limit < allowedLength) {
      return;
    }
    measureRepeats(n, limit);
    longest.clear();
    for (int k = 1; k < n; k++) {
      if (repeats[k] >= allowedLength) {
        int next = history.back(k - 1);
        if (longest.get(next) <= repeats[k]) {
          longest.put(next, repeats[k] + 1);
        }
      }
    }
    if (!longest.isEmpty()) {
      penalise(candidates);
    }
  }

  /** The Z-algorithm from the end of the text backwards; lengths are cut off at {@code limit}. */
  private void measureRepeats(int n, int limit) {
    if (repeats.length < n) {
      repeats = new int[Math.max(n, (int) Math.min(lastN, 2L * n))];
    }
    int left = 0;
    int right = 0;
    for (int k = 1; k < n; k++) {
      if (k <= right && repeats[k - left] < right - k + 1) {
        repeats[k] = repeats[k - left];
        continue;
      }
      int end = k > right ? k : right + 1;
      while (end < n && history.back(end) == history.back(end - k)) {
        end++;
      }
      repeats[k] = Math.min(end - k, limit);
      if (k <= right || end > k) {
        left = k;
        right = end - 1;
      }
    }
  }

  private void penalise(Candidates candidates) {
    float[] x = candidates.logits();
    if (candidates.whole()) {
      for (int s = 0; s < longest.places(); s++) {
        int token = longest.idAt(s);
        if (longest.valueAt(s) > 0 && token < candidates.size() && !breakers.isBreaker(token)) {
          x[token] -= penalty(longest.valueAt(s) - 1);
        }
      }
    } else {
      for (int i = 0; i < candidates.size(); i++) {
        int length = longest.get(candidates.id(i));
        if (length > 0 && !breakers.isBreaker(candidates.id(i))) {
          x[i] -= penalty(length - 1);
        }
      }
    }
    candidates.reordered();
  }

  private float penalty(int length) {
    int exponent = length - allowedLength;
    if (base > 1.000001f) {
      exponent = Math.min(exponent, (int) (LOG_OF_GREATEST / (float) StrictMath.log(base)));
    }
    return (float) (multiplier * Softmax.pow(base, exponent));
  }

  @Override
  public void reset() {
    history.clear();
  }

  @Override
  public Dry copy() {
    return new Dry(this);
  }
}
