package dev.jllm.core.model;

import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.block.Embedding;
import dev.jllm.core.block.OutputHead;
import dev.jllm.core.block.Pass;
import dev.jllm.core.block.StreamLayer;
import dev.jllm.core.block.Streams;
import dev.jllm.core.cache.LayerState;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.tensor.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The forward pass. Immutable; threads compute side by side, each with its own {@link Pass}. */
public final class Transformer {
  private final ModelSpec spec;
  private final Embedding embedding;
  private final @Nullable Streams streams;
  private final List<StreamLayer> layers;
  private final OutputHead head;
  private final List<Supplier<LayerState>> states;
  private final Pass.Plan plan;
  private final int embeddingSlot;

  Transformer(
      ModelSpec spec,
      Embedding embedding,
      @Nullable Streams streams,
      List<StreamLayer> layers,
      OutputHead head,
      List<Supplier<LayerState>> states,
      Pass.Plan plan) {
    this.spec = spec;
    this.embedding = embedding;
    this.streams = streams;
    this.layers = layers;
    this.head = head;
    this.states = states;
    this.plan = plan;
    this.embeddingSlot = plan.buffer("stream", spec.width);
  }

  /**
   * The logits of the rows of the pass's batch that want them; the caches then hold the batch's
   * tokens too.
   *
   * @return {@code outputs × vocabulary}, valid until the pass begins anew
   */
  Activations forward(Pass pass) {
    return head.forward(pass, stream(pass));
  }

  /**
   * As {@link #forward}, up to before the logits.
   *
   * @return {@code outputs × width}, valid until the pass begins anew
   */
  Activations hidden(Pass pass) {
    return head.hidden(pass, stream(pass));
  }

  /** All layers, {@code rows × width}. */
  private Activations stream(Pass pass) {
    Activations x = pass.buffer(embeddingSlot);
    embedding.forward(pass, x);
    Streams several = streams;
    Activations stream = several == null ? x : several.open(pass, x);
    for (StreamLayer layer : layers) {
      layer.forward(pass, stream);
    }
    if (several != null) {
      several.close(pass, stream, x);
    }
    return x;
  }

  /** What this model is. */
  public ModelSpec spec() {
    return spec;
  }

  /** What a pass over this model needs. */
  Pass.Plan plan() {
    return plan;
  }

  /** An empty sequence, whose first token has {@code firstPosition}. */
  SequenceCache newSequence(int firstPosition) {
    List<LayerState> fresh = new ArrayList<>();
    for (Supplier<LayerState> state : states) {
      fresh.add(state.get());
    }
    return new SequenceCache(fresh, firstPosition);
  }
}
