package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;

/** A mixer that mixes nothing: a projection of each token, {@code width → width}. */
public final class Projection implements Mixer {
  private final Linear output;

  /** Binds {@code attn_output} of a layer. */
  public Projection(int layer, int width, Weights w) {
    output = w.linear("blk." + layer + ".attn_output", width, width).withoutBias();
  }

  @Override
  public void forward(Pass pass, Activations x, Activations y) {
    pass.add(output, x, y).run();
  }
}
