package dev.jllm.core.sample;

import dev.jllm.api.LogitsProcessor;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A user's {@link LogitsProcessor} as a sampler. It works on a copy of the logits, so that what was
 * impossible before (under a grammar) stays so whatever the processor does.
 */
public final class CustomSampler implements Sampler {
  private final Supplier<? extends LogitsProcessor> maker;
  private LogitsProcessor processor;
  private float[] scratch = new float[0];

  /** The tokens accepted, by which a copy is brought into the same state. */
  private int[] tokens = new int[0];

  private int size;

  public CustomSampler(Supplier<? extends LogitsProcessor> maker) {
    this.maker = maker;
    processor = make();
  }

  private LogitsProcessor make() {
    LogitsProcessor made = maker.get();
    if (made == null) {
      throw new IllegalArgumentException(
          "the maker of a logits processor gave null; let it give a new processor each time");
    }
    return made;
  }

  @Override
  public String name() {
    return "custom";
  }

  /**
   * Lets the processor act.
   *
   * @throws IllegalStateException if candidates are missing, or none is left possible
   */
  @Override
  public void apply(Candidates candidates) {
    int n = candidates.size();
    if (!candidates.whole()) {
      throw new IllegalStateException(
          "a logits processor sees the whole vocabulary: it comes before samplers that remove"
              + " candidates");
    }
    float[] x = candidates.logits();
    if (scratch.length != n) {
      scratch = new float[n];
    }
    System.arraycopy(x, 0, scratch, 0, n);
    processor.process(scratch);
    boolean wasPossible = false;
    boolean isPossible = false;
    for (int i = 0; i < n; i++) {
      float before = x[i];
      float after = scratch[i];
      boolean possible = before > Float.NEGATIVE_INFINITY;
      wasPossible |= possible;
      possible &= after > Float.NEGATIVE_INFINITY;
      isPossible |= possible;
      x[i] = possible ? Math.min(after, Float.MAX_VALUE) : Float.NEGATIVE_INFINITY;
    }
    if (wasPossible && !isPossible) {
      throw new IllegalStateException(
          "the logits processor "
              + processor.getClass().getName()
              + " left no token possible; let it keep at least one of those that are possible when"
              + " it is called");
    }
    candidates.reordered();
  }

  @Override
  public void accept(int token) {
    processor.accept(token);
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(64, 2 * size));
    }
    tokens[size++] = token;
  }

  @Override
  public void reset() {
    processor = make();
    size = 0;
  }

  /** A new processor that has accepted the same tokens. */
  @Override
  public CustomSampler copy() {
    CustomSampler copy = new CustomSampler(maker);
    for (int i = 0; i < size; i++) {
      copy.accept(tokens[i]);
    }
    return copy;
  }
}
