package dev.jllm.core.block;

import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.tensor.Activations;

/** The two blocks of a layer on several streams, each behind its norm. */
final class NormedBlocks {
  private final int layer;
  private final Norm mixerNorm;
  private final Mixer mixer;
  private final Norm ffnNorm;
  private final FeedForward ffn;

  /** Binds {@code attn_norm} and {@code ffn_norm} of a layer. */
  NormedBlocks(LayerSpec spec, int width, Mixer mixer, FeedForward ffn, Weights w) {
    layer = spec.index;
    mixerNorm = Norm.load(w, "blk." + layer + ".attn_norm", spec.norm, width);
    this.mixer = mixer;
    ffnNorm = Norm.load(w, "blk." + layer + ".ffn_norm", spec.norm, width);
    this.ffn = ffn;
  }

  /** {@code normed = norm(x)}, {@code out = mixer(normed)}; x and normed may be the same. */
  void mix(Pass pass, Activations x, Activations normed, Activations out) {
    mixerNorm.forward(pass, x, normed);
    pass.trace("attn_norm", layer, normed);
    mixer.forward(pass, normed, out);
    pass.trace("attn_out", layer, out);
  }

  /** {@code normed = norm(x)}, {@code out = ffn(normed)}; x and normed may be the same. */
  void feedForward(Pass pass, Activations x, Activations normed, Activations out) {
    ffnNorm.forward(pass, x, normed);
    pass.trace("ffn_norm", layer, normed);
    ffn.forward(pass, normed, out);
    pass.trace("ffn_out", layer, out);
  }
}
