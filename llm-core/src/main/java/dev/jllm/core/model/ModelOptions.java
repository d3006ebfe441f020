package dev.jllm.core.model;

import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.kernel.WeightLayout;
import java.util.function.DoubleConsumer;

/**
 * How a model is to be run.
 *
 * @param context tokens that a sequence may hold, 0 for the context of the training
 * @param keys the format of cached keys
 * @param values the format of cached values
 * @param layout how weights lie in memory
 * @param progress hears of the loading, a fraction from 0 to 1
 */
public record ModelOptions(
    int context, KvFormat keys, KvFormat values, WeightLayout layout, DoubleConsumer progress) {
  /** The kernels' own choice of layout, and nobody to hear of the loading. */
  public ModelOptions(int context, KvFormat keys, KvFormat values) {
    this(context, keys, values, WeightLayout.AUTO, fraction -> {});
  }

  /** The context of the training, keys and values as 16-bit floats. */
  public static ModelOptions defaults() {
    return new ModelOptions(0, KvFormat.F16, KvFormat.F16);
  }

  /** The same with keys and values in the given format. */
  public ModelOptions cache(KvFormat format) {
    return new ModelOptions(context, format, format, layout, progress);
  }
}
