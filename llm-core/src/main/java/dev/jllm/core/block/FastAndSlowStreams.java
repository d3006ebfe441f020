package dev.jllm.core.block;

import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.core.tensor.Activations;

/**
 * Streams of {@link StreamsSpec.FastAndSlow}: in a row, first the slow one, at first the embedding,
 * then the fast one, at first a learned vector. The slow one is the result.
 */
public final class FastAndSlowStreams implements Streams {
  private final float[] fastStart;
  private final int streamsSlot;

  /** Binds {@code hrm.z_l_init}. */
  public FastAndSlowStreams(int width, Weights w, Pass.Plan plan) {
    String name = w.hasTensor("hrm.z_l_init") ? "hrm.z_l_init" : "hrm.z_l_init.weight";
    fastStart = w.vector(name, width);
    streamsSlot = plan.buffer("streams", 2 * width);
  }

  @Override
  public Activations open(Pass pass, Activations embedding) {
    Activations streams = pass.buffer(streamsSlot);
    int width = embedding.width();
    for (int row = 0; row < embedding.rows(); row++) {
      System.arraycopy(embedding.data(), row * width, streams.data(), 2 * row * width, width);
      System.arraycopy(fastStart, 0, streams.data(), (2 * row + 1) * width, width);
    }
    return streams;
  }

  @Override
  public void close(Pass pass, Activations streams, Activations x) {
    int width = x.width();
    for (int row = 0; row < x.rows(); row++) {
      System.arraycopy(streams.data(), 2 * row * width, x.data(), row * width, width);
    }
  }
}
