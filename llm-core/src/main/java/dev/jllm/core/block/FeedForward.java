package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;

/** Transforms each token by itself. */
public interface FeedForward {
  /** Shows the input of the layer, before the mixer has run. */
  default void layerInput(Pass pass, Activations x) {}

  /** Shows the residual stream, before the norm of this network. */
  default void residual(Pass pass, Activations x) {}

  /** {@code y = f(x)}. */
  void forward(Pass pass, Activations x, Activations y);
}
