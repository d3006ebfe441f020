package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;

/** A step of the residual stream. */
public interface StreamLayer {
  /** {@code x}, one row a token, becomes the output of the layer. */
  void forward(Pass pass, Activations x);
}
