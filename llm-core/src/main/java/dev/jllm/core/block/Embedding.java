package dev.jllm.core.block;

import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** Turns tokens into vectors of the model's width. */
public final class Embedding {
  private final @Nullable AdapterSwitch adapters;
  private final Matrix tokens;
  private final @Nullable Matrix positions;
  private final @Nullable Norm norm;
  private final float scale;
  private final int copySlot;
  private final @Nullable PerLayerInputs perLayer;

  /** Where the embedding is kept for layers that add it again. */
  static int copySlot(Pass.Plan plan, int width) {
    return plan.buffer("embedding.copy", width);
  }

  /**
   * Binds {@code token_embd}, and what the spec names besides.
   *
   * @param adapters what tokens switch on, or null
   */
  public Embedding(ModelSpec spec, @Nullable AdapterSwitch adapters, Weights w, Pass.Plan plan) {
    this.adapters = adapters;
    tokens = w.table("token_embd", spec.width, spec.vocabulary);
    positions =
        spec.learnedPositions
            ? w.table("position_embd", spec.width, w.rows("position_embd"))
            : null;
    String name = spec.embeddingNorm;
    if (spec.embeddingNormWithoutWeights) {
      norm = new Norm(spec.norm, spec.width, null, null);
    } else {
      norm = name == null ? null : Norm.load(w, name, spec.norm, spec.width);
    }
    scale = spec.embeddingScale;
    copySlot =
        spec.layers().stream().anyMatch(l -> l.embeddingSkip) ? copySlot(plan, spec.width) : -1;
    int own = spec.layers().isEmpty() ? 0 : spec.layers().get(0).perLayerInput;
    perLayer =
        own == 0
            ? null
            : new PerLayerInputs(
                spec.layers().size(), own, spec.width, spec.vocabulary, spec.norm, w, plan);
  }

  /** Writes the vectors of all tokens of the batch to {@code x}. */
  public void forward(Pass pass, Activations x) {
    Batch batch = pass.batch();
    AdapterSwitch a = adapters;
    if (a != null) {
      a.choose(pass);
    }
    pass.rows(batch.size(), (row, worker) -> embed(pass, batch, row, x, worker));
    Norm n = norm;
    if (n != null) {
      n.forward(pass, x, x);
    }
    pass.trace("inp_embd", -1, x);
    if (copySlot >= 0) {
      Activations copy = pass.buffer(copySlot);
      System.arraycopy(x.data(), 0, copy.data(), 0, x.rows() * x.width());
    }
    PerLayerInputs p = perLayer;
    if (p != null) {
      p.forward(pass, x);
    }
  }

  private void embed(Pass pass, Batch batch, int row, Activations x, int worker) {
    int width = x.width();
    int at = row * width;
    float[] data = x.data();
    int token = batch.token(row);
    AdapterSwitch a = adapters;
    tokens.row(a == null ? token : a.embedded(token), data, at);
    if (scale != 1) {
      for (int i = at; i < at + width; i++) {
        data[i] *= scale;
      }
    }
    Matrix p = positions;
    if (p != null) {
      float[] vector = pass.scratch(worker, width);
      p.row(batch.position(row), vector, 0);
      for (int i = 0; i < width; i++) {
        data[at + i] += vector[i];
      }
    }
  }
}
