package dev.jllm.core.block;

import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.core.tensor.Activations;

/** A layer on the streams of {@link StreamsSpec.Hyper}. */
public final class HyperLayer implements StreamLayer {
  private final int layer;
  private final Mixer mixer;
  private final FeedForward ffn;
  private final Norm mixerNorm;
  private final Norm ffnNorm;
  private final HyperGate mixerGate;
  private final HyperGate ffnGate;
  private final int inSlot;
  private final int outSlot;

  /** Binds the norms and the weights of reading and writing around the blocks of a layer. */
  public HyperLayer(
      LayerSpec spec,
      StreamsSpec.Hyper streams,
      int width,
      Mixer mixer,
      FeedForward ffn,
      Weights w,
      Pass.Plan plan) {
    layer = spec.index;
    this.mixer = mixer;
    this.ffn = ffn;
    String blk = "blk." + layer + ".";
    mixerNorm = Norm.load(w, blk + "attn_norm", spec.norm, width);
    ffnNorm = Norm.load(w, blk + "ffn_norm", spec.norm, width);
    mixerGate = new HyperGate(streams, spec.norm, blk + "hc_attn", width, true, w, plan);
    ffnGate = new HyperGate(streams, spec.norm, blk + "hc_ffn", width, true, w, plan);
    inSlot = plan.buffer("layer.normed", width);
    outSlot = plan.buffer("layer.mixed", width);
  }

  @Override
  public void forward(Pass pass, Activations streams) {
    Activations in = pass.buffer(inSlot);
    Activations out = pass.buffer(outSlot);
    mixerGate.read(pass, streams, in);
    mixerNorm.forward(pass, in, in);
    pass.trace("attn_norm", layer, in);
    mixer.forward(pass, in, out);
    pass.trace("attn_out", layer, out);
    mixerGate.write(pass, out, streams);
    ffnGate.read(pass, streams, in);
    ffnNorm.forward(pass, in, in);
    pass.trace("ffn_norm", layer, in);
    ffn.forward(pass, in, out);
    pass.trace("ffn_out", layer, out);
    ffnGate.write(pass, out, streams);
    pass.trace("l_out", layer, streams);
  }
}
