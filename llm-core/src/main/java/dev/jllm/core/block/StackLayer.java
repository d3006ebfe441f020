package dev.jllm.core.block;

import dev.jllm.core.arch.NormSpec;
import dev.jllm.core.tensor.Activations;
import java.util.List;

/** A stack of layers that reads the sum of two streams and writes one of them, normalised. */
public final class StackLayer implements StreamLayer {
  private final List<StreamLayer> layers;
  private final boolean slow;
  private final Norm norm;
  private final int sumSlot;

  /**
   * A stack.
   *
   * @param slow whether it writes the first stream of the two
   */
  public StackLayer(
      List<StreamLayer> layers, boolean slow, NormSpec norm, int width, Pass.Plan plan) {
    this.layers = List.copyOf(layers);
    this.slow = slow;
    this.norm = new Norm(norm, width, null, null);
    sumSlot = plan.buffer("stack.sum", width);
  }

  @Override
  public void forward(Pass pass, Activations streams) {
    Activations sum = pass.buffer(sumSlot);
    int width = sum.width();
    float[] both = streams.data();
    for (int row = 0; row < sum.rows(); row++) {
      for (int i = 0; i < width; i++) {
        sum.data()[row * width + i] = both[2 * row * width + i] + both[(2 * row + 1) * width + i];
      }
    }
    for (StreamLayer layer : layers) {
      layer.forward(pass, sum);
    }
    norm.forward(pass, sum, sum);
    for (int row = 0; row < sum.rows(); row++) {
      int to = (2 * row + (slow ? 0 : 1)) * width;
      System.arraycopy(sum.data(), row * width, both, to, width);
    }
  }
}
