package dev.jllm.core.block;

import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.core.tensor.Activations;

/** A layer on the streams of {@link StreamsSpec.Hyper}. */
public final class HyperLayer implements StreamLayer {
  private final int layer;
  private final NormedBlocks blocks;
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
    blocks = new NormedBlocks(spec, width, mixer, ffn, w);
    String blk = "blk." + layer + ".";
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
    blocks.mix(pass, in, in, out);
    mixerGate.write(pass, out, streams);
    ffnGate.read(pass, streams, in);
    blocks.feedForward(pass, in, in, out);
    ffnGate.write(pass, out, streams);
    pass.trace("l_out", layer, streams);
  }
}
