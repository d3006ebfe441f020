package dev.jllm.core.sample;

import java.util.Arrays;
import java.util.Objects;

/**
 * The candidates for the next token: ids, logits and, once asked for, probabilities, in parallel
 * arrays of which the first {@link #size} elements count. One object serves a whole sequence: after
 * the first tokens nothing is allocated any more.
 *
 * <p>The model's logits are borrowed, never written, and copied only if a sampler changes them; a
 * chain that starts by keeping the best few reads the vocabulary once and writes only those few.
 *
 * <p>NaN counts as -infinity, and +infinity as the greatest finite number.
 */
public final class Candidates {
  private static final int FEW = 1024;

  private int[] ids = new int[0];

  /** At the start of a token, {@code ids[i] == i} for i below {@code ordered} … */
  private int ordered;

  /** … except for i below {@code touched}. */
  private int touched;

  private float[] own = new float[0];

  /** Either {@link #own} or borrowed; the logit at index i is {@code logits[base + i]}. */
  private float[] logits = own;

  /** 0 for logits of our own. */
  private int base;

  private float[] probabilities = new float[0];
  private final Selection selection = new Selection();

  private int size;
  private boolean whole;
  private boolean sorted;

  /** Whether each candidate carries a probability that fits its logit. */
  private boolean weighed;

  /** Whether these probabilities are those of the present candidates and sum to 1. */
  private boolean normalised;

  private int selected = -1;

  // Scratch for gathering.
  private int[] spareIds = new int[0];
  private float[] spareFloats = new float[0];

  /** Starts over with the tokens 0 to {@code logits.length - 1}. */
  public Candidates load(float[] logits) {
    return load(logits, 0, logits.length);
  }

  /**
   * Starts over with the tokens 0 to {@code n - 1}, whose logits are {@code logits[offset, offset +
   * n)}. They must stay unchanged until the next call.
   */
  public Candidates load(float[] logits, int offset, int n) {
    Objects.checkFromIndexSize(offset, n, logits.length);
    if (n == 0) {
      throw new IllegalArgumentException("no logits: there must be at least one candidate");
    }
    size = n;
    whole = true;
    sorted = false;
    weighed = false;
    normalised = false;
    selected = -1;
    restoreIds(n);
    this.logits = logits;
    base = offset;
    return this;
  }

  /** How many candidates there are, at least 1. */
  public int size() {
    return size;
  }

  /** Whether the logits descend. */
  public boolean sorted() {
    return sorted;
  }

  /** Whether the candidates are the tokens 0 to {@code size - 1}, each at the index of its id. */
  public boolean whole() {
    return whole;
  }

  /** The token at index {@code i}. */
  public int id(int i) {
    return ids[i];
  }

  /** The logit at index {@code i}. */
  public float logit(int i) {
    return logits[base + i];
  }

  /** The probability at index {@code i} as of the last {@link #softmax}. */
  public float probability(int i) {
    return probabilities[i];
  }

  /** The logits of all candidates, to be changed; tell by {@link #reordered} if the order may. */
  public float[] logits() {
    if (logits != own) {
      growOwn(size);
      copyFinite(logits, base, own, size);
      adopt(own);
    }
    weighed = false;
    normalised = false;
    return logits;
  }

  /** The probabilities as of the last {@link #softmax}, not to be changed. */
  public float[] probabilities() {
    return probabilities;
  }

  /** Says that the logits may no longer descend. */
  public void reordered() {
    sorted = false;
  }

  /** The greatest logit; -infinity says that nothing is possible. */
  public float maxLogit() {
    return Math.min(Float.MAX_VALUE, sorted ? logit(0) : Softmax.max(logits, base, size));
  }

  /** The index of token {@code id}, or -1. */
  public int indexOf(int id) {
    if (whole) {
      return id >= 0 && id < size ? id : -1;
    }
    for (int i = 0; i < size; i++) {
      if (ids[i] == id) {
        return i;
      }
    }
    return -1;
  }

  /** Chooses the candidate at index {@code i}. */
  public void select(int i) {
    selected = Objects.checkIndex(i, size);
  }

  /** The index of the candidate chosen, or -1. */
  public int selected() {
    return selected;
  }

  /**
   * The token chosen.
   *
   * @throws IllegalStateException if there is none
   */
  public int selectedId() {
    if (selected < 0) {
      throw new IllegalStateException("no candidate was chosen");
    }
    return ids[selected];
  }

  /** Sorts by descending logit; ties keep their order. */
  public void sort() {
    if (!sorted) {
      takeTop(best(size), size);
    }
  }

  /**
   * Sorts up to 1024 candidates. The reference engine sorts before it sums up probabilities, and
   * the order decides about the last bit of the sum; with more candidates the time counts.
   */
  void sortIfFew() {
    if (size <= FEW) {
      sort();
    }
  }

  /** Keeps the {@code k} candidates of the greatest logits, sorted; ties keep the earlier ones. */
  public void keepTop(int k) {
    int n = Math.max(1, Math.min(k, size));
    if (sorted) {
      keepFirst(n);
    } else {
      takeTop(best(n), n);
    }
  }

  /** Keeps the first {@code n} candidates, at least one. */
  public void keepFirst(int n) {
    if (n < 1 || n > size) {
      throw new IllegalArgumentException("cannot keep " + n + " of " + size + " candidates");
    }
    if (n < size) {
      size = n;
      normalised = false;
      selected = -1;
    }
  }

  /** Drops the first {@code n} candidates and keeps at least one. */
  public void dropFirst(int n) {
    if (n < 0 || n >= size) {
      throw new IllegalArgumentException("cannot drop " + n + " of " + size + " candidates");
    }
    if (n == 0) {
      return;
    }
    int left = size - n;
    float[] x = writable(left);
    System.arraycopy(ids, n, ids, 0, left);
    System.arraycopy(logits, base + n, x, 0, left);
    if (weighed) {
      System.arraycopy(probabilities, n, probabilities, 0, left);
    }
    adopt(x);
    replaced(left);
  }

  /**
   * Keeps the candidates whose logit is {@code threshold} or more, in their order, if these are
   * {@code atLeast} or more and not none.
   *
   * @return whether they were
   */
  public boolean keepFrom(float threshold, int atLeast) {
    return (atLeast <= 1 || count(threshold) >= atLeast) && keepWhere(logits, base, threshold);
  }

  /** Keeps the candidates of this probability or more, in their order, if there are any. */
  boolean keepProbable(float threshold) {
    return keepWhere(probabilities, 0, threshold);
  }

  /** Keeps the candidates i with {@code by[from + i]} at {@code threshold} or above, if any. */
  private boolean keepWhere(float[] by, int from, float threshold) {
    int end = from + size;
    int i = Selection.atLeast(by, from, end, threshold);
    if (i == end) {
      return false;
    }
    float[] source = logits;
    int shift = base - from;
    float[] target = writable(size);
    int n = 0;
    for (; i < end; i = Selection.atLeast(by, i + 1, end, threshold)) {
      target[n] = Math.min(source[shift + i], Float.MAX_VALUE);
      ids[n++] = ids[i - from];
    }
    adopt(target);
    weighed = false;
    replaced(n);
    return true;
  }

  private int count(float threshold) {
    int n = 0;
    for (int i = 0; i < size; i++) {
      n += logit(i) >= threshold ? 1 : 0;
    }
    return n;
  }

  /**
   * Keeps the candidates at the {@code n} indices in {@code order}, in that order, which need not
   * be one of descending logits.
   */
  void take(int[] order, int n) {
    spareIds = grown(spareIds, n);
    spareFloats = grown(spareFloats, n);
    float[] target = writable(n);
    for (int i = 0; i < n; i++) {
      spareIds[i] = ids[order[i]];
      spareFloats[i] = logit(order[i]);
    }
    System.arraycopy(spareIds, 0, ids, 0, n);
    System.arraycopy(spareFloats, 0, target, 0, n);
    if (weighed) {
      for (int i = 0; i < n; i++) {
        spareFloats[i] = probabilities[order[i]];
      }
      System.arraycopy(spareFloats, 0, probabilities, 0, n);
    }
    adopt(target);
    replaced(n);
    sorted = false;
  }

  /** Replaces everything by the one token {@code id} of this logit. */
  void become(int id, float logit) {
    float[] x = writable(1);
    ids[0] = id;
    x[0] = logit;
    adopt(x);
    replaced(1);
    weighed = false;
    sorted = true;
  }

  /** The keys of the {@code k} best candidates, best first; see {@link Selection}. */
  long[] best(int k) {
    return selection.top(logits, base, size, k);
  }

  /** Keeps the first {@code n} of {@code best}. */
  void takeTop(long[] best, int n) {
    float[] target = writable(n);
    if (whole) {
      for (int i = 0; i < n; i++) {
        ids[i] = Selection.position(best[i]);
      }
    } else {
      spareIds = grown(spareIds, n);
      for (int i = 0; i < n; i++) {
        spareIds[i] = ids[Selection.position(best[i])];
      }
      System.arraycopy(spareIds, 0, ids, 0, n);
    }
    if (weighed) {
      spareFloats = grown(spareFloats, n);
      for (int i = 0; i < n; i++) {
        spareFloats[i] = probabilities[Selection.position(best[i])];
      }
      System.arraycopy(spareFloats, 0, probabilities, 0, n);
    }
    for (int i = 0; i < n; i++) {
      target[i] = Selection.logit(best[i]);
    }
    adopt(target);
    replaced(n);
    sorted = true;
  }

  /**
   * Computes the probabilities from the logits. Weights are summed in single precision in the order
   * of the candidates, as the reference engine does, so that cuts fall on the same candidate.
   */
  public void softmax() {
    if (normalised) {
      return;
    }
    if (probabilities.length < size) {
      probabilities = new float[size];
    }
    float[] p = probabilities;
    Softmax.weights(logits, base, size, maxLogit(), p);
    float sum = 0;
    for (int i = 0; i < size; i++) {
      sum += p[i];
    }
    for (int i = 0; i < size; i++) {
      p[i] /= sum;
    }
    weighed = true;
    normalised = true;
  }

  /** Chooses by the probabilities: index i with probability p[i] / sum of all. */
  void draw(SplitRandom random) {
    softmax();
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += probabilities[i];
    }
    // At least one probability is positive, and target < sum: a candidate of none is never chosen.
    double target = sum * random.nextDouble();
    double reached = 0;
    for (int i = 0; i < size; i++) {
      reached += probabilities[i];
      if (reached > target) {
        selected = i;
        return;
      }
    }
    throw new AssertionError("the probabilities sum to " + reached + ", not above " + target);
  }

  private void replaced(int n) {
    whole = false;
    normalised = false;
    touched = Math.max(touched, n);
    size = n;
    selected = -1;
  }

  /** An array of our own for {@code n} logits; equal to {@link #logits} if these are ours. */
  private float[] writable(int n) {
    if (logits != own) {
      growOwn(n);
    }
    return own;
  }

  private void adopt(float[] ours) {
    logits = ours;
    base = 0;
  }

  private void growOwn(int n) {
    if (own.length < n) {
      boolean current = logits == own;
      own = new float[n];
      if (current) {
        logits = own;
      }
    }
  }

  private void restoreIds(int n) {
    if (ids.length < n) {
      ids = Arrays.copyOf(ids, n);
    }
    for (int i = 0; i < touched; i++) {
      ids[i] = i;
    }
    for (int i = ordered; i < n; i++) {
      ids[i] = i;
    }
    ordered = Math.max(ordered, n);
    touched = 0;
  }

  private static void copyFinite(float[] from, int offset, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      float x = from[offset + i];
      // One comparison, almost always true, lets everything pass but NaN and +infinity.
      to[i] = x <= Float.MAX_VALUE ? x : x > 0 ? Float.MAX_VALUE : Float.NEGATIVE_INFINITY;
    }
  }

  private static int[] grown(int[] a, int n) {
    return a.length < n ? new int[n] : a;
  }

  private static float[] grown(float[] a, int n) {
    return a.length < n ? new float[n] : a;
  }
}
