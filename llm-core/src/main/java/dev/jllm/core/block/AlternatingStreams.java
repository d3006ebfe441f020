package dev.jllm.core.block;

import dev.jllm.core.arch.StreamsSpec;
import dev.jllm.core.tensor.Activations;

/**
 * Streams of {@link StreamsSpec.Alternating}: the first is the embedding, the others are
 * projections of it, as long as it; at last their projections back are averaged with the first.
 */
public final class AlternatingStreams implements Streams {
  private final int count;
  private final Linear[] open;
  private final Linear[] close;
  private final int streamsSlot;
  private final int inSlot;
  private final int outSlot;

  /** Binds {@code altup_proj} and {@code altup_unembd_proj}. */
  public AlternatingStreams(StreamsSpec.Alternating spec, int width, Weights w, Pass.Plan plan) {
    count = spec.count();
    open = w.stack("altup_proj", width, width, count - 1);
    close = w.stack("altup_unembd_proj", width, width, count - 1);
    streamsSlot = plan.buffer("streams", count * width);
    inSlot = plan.buffer("altup.in", width);
    outSlot = plan.buffer("altup.out", width);
  }

  @Override
  public Activations open(Pass pass, Activations embedding) {
    Activations streams = pass.buffer(streamsSlot);
    int rows = embedding.rows();
    int width = embedding.width();
    Activations out = pass.buffer(outSlot, rows * (count - 1));
    for (int k = 0; k < count - 1; k++) {
      pass.add(open[k], embedding, 0, out, k * rows, rows);
    }
    pass.run();
    for (int row = 0; row < rows; row++) {
      float target = length(embedding.data(), row * width, width);
      System.arraycopy(embedding.data(), row * width, streams.data(), row * count * width, width);
      for (int k = 1; k < count; k++) {
        int from = ((k - 1) * rows + row) * width;
        float factor = target / length(out.data(), from, width);
        int to = (row * count + k) * width;
        for (int i = 0; i < width; i++) {
          streams.data()[to + i] = out.data()[from + i] * factor;
        }
      }
    }
    return streams;
  }

  @Override
  public void close(Pass pass, Activations streams, Activations x) {
    int rows = x.rows();
    int width = x.width();
    Activations in = pass.buffer(inSlot, rows * (count - 1));
    Activations out = pass.buffer(outSlot, rows * (count - 1));
    for (int k = 1; k < count; k++) {
      for (int row = 0; row < rows; row++) {
        int to = ((k - 1) * rows + row) * width;
        System.arraycopy(streams.data(), (row * count + k) * width, in.data(), to, width);
      }
      pass.add(close[k - 1], in, (k - 1) * rows, out, (k - 1) * rows, rows);
    }
    pass.run();
    for (int row = 0; row < rows; row++) {
      int first = row * count * width;
      float target = length(streams.data(), first, width);
      System.arraycopy(streams.data(), first, x.data(), row * width, width);
      for (int k = 1; k < count; k++) {
        int from = ((k - 1) * rows + row) * width;
        float factor = target / length(out.data(), from, width);
        for (int i = 0; i < width; i++) {
          x.data()[row * width + i] += out.data()[from + i] * factor;
        }
      }
    }
    Vectors.scale(x, 1f / count);
  }

  private static float length(float[] x, int from, int n) {
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += (double) x[i] * x[i];
    }
    return (float) Math.sqrt(sum);
  }
}
