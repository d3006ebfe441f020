package dev.jllm.core.sample;

import java.util.ArrayList;
import java.util.List;

/** Samplers in the order in which they act. The last one that chooses decides. */
public final class SamplerChain implements Sampler {
  private final Sampler[] samplers;

  public SamplerChain(List<? extends Sampler> samplers) {
    this.samplers = samplers.toArray(new Sampler[0]);
  }

  public SamplerChain(Sampler... samplers) {
    this.samplers = samplers.clone();
  }

  /** The samplers in their order. */
  public List<Sampler> samplers() {
    return List.of(samplers);
  }

  @Override
  public String name() {
    return "chain";
  }

  @Override
  public void apply(Candidates candidates) {
    for (Sampler s : samplers) {
      s.apply(candidates);
    }
  }

  /**
   * Applies the chain and returns the id of the token it chose. The caller then accepts that token,
   * or another one that it prefers.
   *
   * @throws IllegalStateException if no sampler of the chain chooses
   */
  public int choose(Candidates candidates) {
    apply(candidates);
    if (candidates.selected() < 0) {
      throw new IllegalStateException(
          "the sampler chain "
              + names()
              + " does not choose a token; end it with greedy, dist, mirostat or adaptive_p");
    }
    return candidates.selectedId();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (Sampler s : samplers) {
      names.add(s.name());
    }
    return names;
  }

  @Override
  public void accept(int token) {
    for (Sampler s : samplers) {
      s.accept(token);
    }
  }

  @Override
  public void reset() {
    for (Sampler s : samplers) {
      s.reset();
    }
  }

  /** Each sampler gets a stream of its own, numbered by its place. */
  @Override
  public void reseed(SplitRandom random) {
    for (int i = 0; i < samplers.length; i++) {
      samplers[i].reseed(random.split(i));
    }
  }

  @Override
  public SamplerChain copy() {
    Sampler[] copies = new Sampler[samplers.length];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = samplers[i].copy();
    }
    return new SamplerChain(copies);
  }

  @Override
  public String toString() {
    return names().toString();
  }
}
