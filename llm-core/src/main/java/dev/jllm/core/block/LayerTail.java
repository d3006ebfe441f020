package dev.jllm.core.block;

import dev.jllm.core.arch.Act;
import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * What some layers do after both blocks: add an embedding of their own, scale their output, add the
 * model's embedding, or normalise once more.
 */
final class LayerTail {
  private final int layer;
  private final int perLayer;
  private final @Nullable Linear gate;
  private final @Nullable Linear projection;
  private final @Nullable Norm projectionNorm;
  private final @Nullable Norm endNorm;
  private final float scale;
  private final float skip;
  private final int gateSlot;
  private final int projectionSlot;
  private final int inputsSlot;
  private final int embeddingSlot;

  LayerTail(LayerSpec spec, int width, Weights w, Pass.Plan plan) {
    layer = spec.index;
    perLayer = spec.perLayerInput;
    String blk = "blk." + layer + ".";
    gate = perLayer == 0 ? null : w.linear(blk + "inp_gate", width, perLayer);
    projection = perLayer == 0 ? null : w.linear(blk + "proj", perLayer, width);
    projectionNorm = perLayer == 0 ? null : Norm.load(w, blk + "post_norm", spec.norm, width);
    String end = spec.endNorm;
    endNorm = end == null ? null : Norm.load(w, end, spec.norm, width);
    String name = blk + "layer_output_scale.weight";
    float[] s = spec.outputScale ? w.optionalVector(name, 1) : null;
    scale = s == null ? 1 : s[0];
    skip = spec.embeddingSkip ? w.vector(name, 1)[0] : 0;
    gateSlot = plan.buffer("tail.gate", perLayer);
    projectionSlot = plan.buffer("tail.projection", width);
    inputsSlot = PerLayerInputs.slot(plan);
    embeddingSlot = Embedding.copySlot(plan, width);
  }

  void forward(Pass pass, Activations x) {
    Linear g = gate;
    Linear p = projection;
    Norm n = projectionNorm;
    if (g != null && p != null && n != null) {
      addOwnEmbedding(pass, x, g, p, n);
    }
    Vectors.scale(x, scale);
    if (skip != 0) {
      Vectors.addScaled(x, pass.buffer(embeddingSlot), skip);
    }
    Norm e = endNorm;
    if (e != null) {
      e.forward(pass, x, x);
    }
  }

  /** {@code x += norm(proj(gelu(gate x) · own embedding))}. */
  private void addOwnEmbedding(Pass pass, Activations x, Linear g, Linear p, Norm n) {
    Activations a = pass.buffer(gateSlot, x.rows());
    pass.add(g, x, a).run();
    Activations inputs = pass.wide(inputsSlot);
    for (int row = 0; row < x.rows(); row++) {
      int from = row * inputs.width() + layer * perLayer;
      for (int i = 0; i < perLayer; i++) {
        int at = row * perLayer + i;
        a.data()[at] = Activation.of(Act.GELU, a.data()[at]) * inputs.data()[from + i];
      }
    }
    Activations out = pass.buffer(projectionSlot, x.rows());
    pass.add(p, a, out).run();
    n.forward(pass, out, out);
    pass.trace("per_layer_embd_out", layer, out);
    Vectors.add(x, out);
  }
}
