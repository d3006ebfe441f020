package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;

/** Sees every named intermediate of a forward pass, such as {@code attn_out} of layer 3. */
@FunctionalInterface
public interface Tracer {
  /**
   * An intermediate was computed.
   *
   * @param name what it is, such as {@code attn_norm}
   * @param layer the layer, −1 for what belongs to none
   * @param values one row a token of the batch; to be copied, not kept
   */
  void on(String name, int layer, Activations values);
}
