package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;

/** Chooses which tokens attention sees. */
interface TokenChooser {
  /**
   * Notes the choice in {@link Pass#choice()}.
   *
   * @param x the normalised input of the layer
   * @param low the vectors that queries come from
   */
  void choose(Pass pass, Activations x, Activations low);
}
