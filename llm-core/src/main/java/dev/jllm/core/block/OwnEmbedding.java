package dev.jllm.core.block;

import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.tensor.Activations;

/** A layer's own embedding of a token ({@link PerLayerInputs}), gated by the residual stream. */
final class OwnEmbedding {
  private final int layer;
  private final int perLayer;
  private final Linear gate;
  private final Linear projection;
  private final Norm norm;
  private final int gateSlot;
  private final int outSlot;
  private final int inputsSlot;

  /** Binds {@code inp_gate}, {@code proj} and {@code post_norm} of a layer. */
  OwnEmbedding(LayerSpec spec, int width, Weights w, Pass.Plan plan) {
    layer = spec.index;
    perLayer = spec.perLayerInput;
    String blk = "blk." + layer + ".";
    gate = w.linear(blk + "inp_gate", width, perLayer);
    projection = w.linear(blk + "proj", perLayer, width);
    norm = Norm.load(w, blk + "post_norm", spec.norm, width);
    gateSlot = plan.buffer("tail.gate", perLayer);
    outSlot = plan.buffer("tail.projection", width);
    inputsSlot = PerLayerInputs.slot(plan);
  }

  /** {@code norm(proj(gelu(gate x) · own embedding))}, one row a token. */
  Activations forward(Pass pass, Activations x) {
    Activations a = pass.buffer(gateSlot, x.rows());
    pass.add(gate, x, a).run();
    Activations inputs = pass.wide(inputsSlot);
    for (int row = 0; row < x.rows(); row++) {
      int from = row * inputs.width() + layer * perLayer;
      for (int i = 0; i < perLayer; i++) {
        int at = row * perLayer + i;
        a.data()[at] = Activation.of(Act.GELU, a.data()[at]) * inputs.data()[from + i];
      }
    }
    Activations out = pass.buffer(outSlot, x.rows());
    pass.add(projection, a, out).run();
    norm.forward(pass, out, out);
    pass.trace("per_layer_embd_out", layer, out);
    return out;
  }
}
