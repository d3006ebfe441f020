package dev.jllm.core.block;

import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = s · W x + b}: the one seam through which every matrix of weights is used.
 *
 * @param matrix the weights, {@code out × in}
 * @param bias {@code out} values, or null
 * @param scale a factor that belongs to the weights, usually 1
 * @param adapters low-rank additions of which the token switches one on, or null
 */
public record Linear(
    Matrix matrix, float @Nullable [] bias, float scale, @Nullable Adapters adapters) {
  /** Without adapters. */
  public Linear(Matrix matrix, float @Nullable [] bias, float scale) {
    this(matrix, bias, scale, null);
  }

  /** The same without its bias. */
  Linear withoutBias() {
    return new Linear(matrix, null, scale, adapters);
  }

  /** The same with adapters. */
  Linear with(@Nullable Adapters additions) {
    return new Linear(matrix, bias, scale, additions);
  }

  /** The width of the input. */
  public int in() {
    return matrix.columns();
  }

  /** The width of the result. */
  public int out() {
    return matrix.rows();
  }

  /** Applies scale and bias to rows that hold {@code W x}. */
  void finish(Activations y, int firstRow, int count) {
    float[] b = bias;
    if (b == null && scale == 1) {
      return;
    }
    float[] data = y.data();
    int width = y.width();
    for (int r = firstRow; r < firstRow + count; r++) {
      int at = r * width;
      if (scale != 1) {
        for (int i = 0; i < width; i++) {
          data[at + i] *= scale;
        }
      }
      if (b != null) {
        for (int i = 0; i < width; i++) {
          data[at + i] += b[i];
        }
      }
    }
  }
}
