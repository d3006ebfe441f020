package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;

/** Opens the residual streams before the first layer and merges them after the last. */
public interface Streams {
  /** The streams of each token, one after another in a row, from its embedding. */
  Activations open(Pass pass, Activations embedding);

  /** One vector a token again, written to {@code x}. */
  void close(Pass pass, Activations streams, Activations x);
}
