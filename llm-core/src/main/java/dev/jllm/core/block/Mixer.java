package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;

/** Mixes information between tokens. */
public interface Mixer {
  /** {@code y = mixer(x)}; also remembers what later tokens need. */
  void forward(Pass pass, Activations x, Activations y);
}
