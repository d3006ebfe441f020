package dev.jllm.core.block;

import dev.jllm.core.arch.LayerSpec;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/**
 * What some layers do after both blocks: add an embedding of their own, scale their output, add the
 * model's embedding, or normalise once more.
 */
final class LayerTail {
  private final @Nullable OwnEmbedding own;
  private final @Nullable Norm endNorm;
  private final float scale;
  private final float skip;
  private final int embeddingSlot;

  LayerTail(LayerSpec spec, int width, Weights w, Pass.Plan plan) {
    own = spec.perLayerInput == 0 ? null : new OwnEmbedding(spec, width, w, plan);
    String end = spec.endNorm;
    endNorm = end == null ? null : Norm.load(w, end, spec.norm, width);
    String name = "blk." + spec.index + ".layer_output_scale.weight";
    float[] s = spec.outputScale ? w.optionalVector(name, 1) : null;
    scale = s == null ? 1 : s[0];
    skip = spec.embeddingSkip ? w.vector(name, 1)[0] : 0;
    embeddingSlot = Embedding.copySlot(plan, width);
  }

  void forward(Pass pass, Activations x) {
    OwnEmbedding o = own;
    if (o != null) {
      Vectors.add(x, o.forward(pass, x));
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
}
