package dev.jllm.core.engine;

import dev.jllm.core.cache.SequenceCache;

/**
 * The tokens of a session and how far they are computed: the cache holds the first {@code
 * cache.length()} of them.
 */
final class TokenState {
  private final Engine engine;
  private SequenceCache cache;
  private IntList tokens = new IntList();
  private int reserved;

  TokenState(Engine engine) {
    this.engine = engine;
    this.cache = engine.newSequence();
  }

  private TokenState(Engine engine, SequenceCache cache, IntList tokens) {
    this.engine = engine;
    this.cache = cache;
    this.tokens = tokens;
  }

  IntList tokens() {
    return tokens;
  }

  /** Allocates the memory of so many tokens now, and again where the cache begins anew. */
  void reserve(int tokenCount) {
    reserved = tokenCount;
    cache.reserve(tokenCount);
  }

  int computed() {
    return cache.length();
  }

  TokenState fork() {
    return new TokenState(engine, cache.fork(), tokens.copy());
  }

  /**
   * Makes {@code wanted} the tokens of this state, keeping what is computed of a common beginning.
   * At least the last token is left to compute, since its logits are needed.
   *
   * @return how many tokens were kept
   */
  int become(int[] wanted) {
    int keep = Math.min(Math.min(tokens.commonPrefix(wanted), cache.length()), wanted.length - 1);
    keep = cut(Math.max(keep, 0));
    IntList next = new IntList();
    next.addAll(wanted);
    tokens = next;
    return keep;
  }

  /** Forgets the tokens from {@code size} on, as long as some are left to compute again. */
  int cut(int size) {
    tokens.truncate(size);
    if (cache.length() > size && !cache.truncate(size)) {
      // A window or a recurrent state has moved on: it cannot go back, only begin anew.
      cache = engine.newSequence();
      cache.reserve(reserved);
    }
    return Math.min(cache.length(), size);
  }

  /** Computes the tokens from {@code computed()} to {@code to}. */
  void compute(int to, float[] logits) {
    engine.step(cache, tokens, cache.length(), to, logits);
  }

  /** As {@link #compute}, showing the logits after every token. */
  void computeAll(int to, Engine.LogitsReader reader) {
    engine.stepAll(cache, tokens, cache.length(), to, reader);
  }
}
