package dev.jllm.core.block;

import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Matrix;

/**
 * An embedding of each token for each layer (Gemma 3n): a table's row and a projection of the
 * model's embedding, each {@code layers × width}, added.
 */
public final class PerLayerInputs {
  private static final String NAME = "per_layer.inputs";
  private final int layers;
  private final int width;
  private final Matrix table;
  private final Linear projection;
  private final Norm norm;
  private final int slot;

  /** Binds {@code per_layer_token_embd} and what belongs to it. */
  public PerLayerInputs(
      int layers,
      int width,
      int modelWidth,
      int vocabulary,
      NormSpec spec,
      Weights w,
      Pass.Plan plan) {
    this.layers = layers;
    this.width = width;
    table = w.table("per_layer_token_embd", layers * width, vocabulary);
    projection = w.linear("per_layer_model_proj", modelWidth, layers * width);
    norm = Norm.load(w, "per_layer_proj_norm", spec, width);
    slot = slot(plan);
    plan.widen(NAME, layers * width);
  }

  static int slot(Pass.Plan plan) {
    return plan.wideBuffer(NAME);
  }

  /** Computes the embeddings of all layers from the model's embedding {@code x}. */
  public void forward(Pass pass, Activations x) {
    Activations all = pass.wide(slot).resize(x.rows());
    pass.add(projection, x, all).run();
    float scale = 1 / (float) Math.sqrt(x.width());
    float tableScale = (float) Math.sqrt(width);
    float half = 1 / (float) Math.sqrt(2);
    Vectors.scale(all, scale);
    for (int row = 0; row < x.rows(); row++) {
      float[] own = pass.scratch(0, layers * width);
      table.row(pass.batch().token(row), own, 0);
      for (int i = 0; i < layers; i++) {
        int at = row * all.width() + i * width;
        norm.apply(all.data(), at, all.data(), at);
        for (int c = 0; c < width; c++) {
          all.data()[at + c] = (all.data()[at + c] + own[i * width + c] * tableScale) * half;
        }
      }
    }
    pass.trace("inp_per_layer", -1, all);
  }
}
