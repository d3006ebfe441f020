package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;

/** Transforms each token by itself. */
public interface FeedForward {
  /** {@code y = f(x)}. */
  void forward(Pass pass, Activations x, Activations y);
}
