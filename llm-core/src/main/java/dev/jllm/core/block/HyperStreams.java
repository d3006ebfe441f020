package dev.jllm.core.block;

import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.core.tensor.Activations;

/** Streams of {@link StreamsSpec.Hyper}: equal copies at first, a weighted sum at last. */
public final class HyperStreams implements Streams {
  private final int count;
  private final HyperGate head;
  private final int streamsSlot;

  /** Binds {@code output_hc_*}. */
  public HyperStreams(StreamsSpec.Hyper spec, NormSpec norm, int width, Weights w, Pass.Plan plan) {
    count = spec.count();
    head = new HyperGate(spec, norm, "output_hc", width, false, w, plan);
    streamsSlot = plan.buffer("streams", count * width);
  }

  @Override
  public Activations open(Pass pass, Activations embedding) {
    Activations streams = pass.buffer(streamsSlot);
    int width = embedding.width();
    for (int i = 0; i < embedding.rows() * count; i++) {
      System.arraycopy(embedding.data(), i / count * width, streams.data(), i * width, width);
    }
    return streams;
  }

  @Override
  public void close(Pass pass, Activations streams, Activations x) {
    head.read(pass, streams, x);
  }
}
