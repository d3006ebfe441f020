package dev.jllm.core.sample;

/**
 * One step on the way from logits to the next token: it may change the logits of the candidates,
 * remove candidates, order them, or choose one. Custom samplers implement this interface and stand
 * in a {@link SamplerChain} like the built-in ones.
 *
 * <p>The contract: never remove the last candidate; choose only by {@link Candidates#select}; draw
 * random numbers only from a {@link SplitRandom} of its own; keep state only per sequence of
 * tokens, which moves in {@link #accept} alone: {@link #apply} may be called again for the same
 * token, when a grammar refused the choice, and uses up nothing but random numbers. A sampler
 * serves one sequence and one thread at a time.
 */
public interface Sampler {
  /** The name of the field, as in {@code top_k}. */
  String name();

  /** Acts on the candidates of the next token; may be called again for the same token. */
  void apply(Candidates candidates);

  /** Learns that {@code token} follows, be it chosen or given. */
  default void accept(int token) {}

  /** Forgets every token accepted and returns to the first random number. */
  default void reset() {}

  /** Takes its random numbers from {@code random} (which it copies) from now on. */
  default void reseed(SplitRandom random) {}

  /** A sampler in the same state that shares nothing that changes: both continue identically. */
  Sampler copy();
}
