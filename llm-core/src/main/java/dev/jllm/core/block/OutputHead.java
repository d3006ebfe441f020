package dev.jllm.core.block;

import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.tensor.Activations;
import org.jspecify.annotations.Nullable;

/** The last norm and the projection to logits, for the rows that want them. */
public final class OutputHead {
  private final @Nullable Norm norm;
  private final Linear output;
  private final float scale;
  private final float softcap;
  private final int suppressFrom;
  private final int suppressTo;
  private final int rowsSlot;
  private final int logitsSlot;

  /** Binds {@code output_norm} and {@code output}, which may be the embeddings' table. */
  public OutputHead(ModelSpec spec, Weights w, Pass.Plan plan) {
    String name = spec.outputNorm;
    if (name == null) {
      norm = null;
    } else if (spec.outputNormWeights) {
      norm = Norm.load(w, name, spec.norm, spec.width);
    } else {
      norm = new Norm(spec.norm, spec.width, null, null);
    }
    output =
        w.has("output")
            ? w.linear("output", spec.width, spec.vocabulary)
            : w.linear("token_embd", spec.width, spec.vocabulary);
    scale = spec.logitScale;
    softcap = spec.logitSoftcap;
    suppressFrom = spec.suppressFrom;
    suppressTo = Math.min(spec.suppressTo, spec.vocabulary);
    rowsSlot = plan.buffer("head.rows", spec.width);
    logitsSlot = plan.buffer("head.logits", spec.vocabulary);
  }

  /** The normalised hidden states of the rows that are wanted, {@code outputs × width}. */
  public Activations hidden(Pass pass, Activations x) {
    Batch batch = pass.batch();
    Activations rows = pass.buffer(rowsSlot, batch.outputs());
    int width = x.width();
    for (int r = 0; r < batch.size(); r++) {
      int to = batch.outputRow(r);
      if (to >= 0) {
        System.arraycopy(x.data(), r * width, rows.data(), to * width, width);
      }
    }
    Norm n = norm;
    if (n != null) {
      n.forward(pass, rows, rows);
    }
    pass.trace("result_norm", -1, rows);
    return rows;
  }

  /** The logits of the rows of {@code x} that want them, {@code outputs × vocabulary}. */
  public Activations forward(Pass pass, Activations x) {
    Activations rows = hidden(pass, x);
    Activations logits = pass.buffer(logitsSlot, rows.rows());
    pass.add(output, rows, logits).run();
    if (scale != 1 || softcap != 0) {
      float[] data = logits.data();
      for (int i = 0; i < logits.rows() * logits.width(); i++) {
        float v = data[i] * scale;
        data[i] = softcap == 0 ? v : softcap * FastMath.tanh(v / softcap);
      }
    }
    for (int r = 0; r < logits.rows(); r++) {
      for (int t = suppressFrom; t < suppressTo; t++) {
        logits.data()[r * logits.width() + t] = -Float.MAX_VALUE;
      }
    }
    pass.trace("result_output", -1, logits);
    return logits;
  }
}
