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
 * @param halfSums whether attention that chooses blocks rounds its sums to half precision, as
 *     llama.cpp does: slower, for comparisons
 */
public record ModelOptions(
    int context,
    KvFormat keys,
    KvFormat values,
    WeightLayout layout,
    DoubleConsumer progress,
    boolean halfSums) {
  /** Sums in floats. */
  public ModelOptions(
      int context, KvFormat keys, KvFormat values, WeightLayout layout, DoubleConsumer progress) {
    this(context, keys, values, layout, progress, false);
  }

  /** The kernels' own choice of layout, and nobody to hear of the loading. */
  public ModelOptions(int context, KvFormat keys, KvFormat values) {
    this(context, keys, values, WeightLayout.AUTO, fraction -> {});
  }

  /** The context of the training, keys and values as 16-bit floats. */
  public static ModelOptions defaults() {
    return new ModelOptions(0, KvFormat.F16, KvFormat.F16);
  }

  /** For comparisons with llama.cpp: keys and values as floats, and its rounding of sums. */
  public static ModelOptions comparison(int context) {
    return new ModelOptions(
        context, KvFormat.F32, KvFormat.F32, WeightLayout.AUTO, fraction -> {}, true);
  }

  /** The same with keys and values in the given format. */
  public ModelOptions cache(KvFormat format) {
    return new ModelOptions(context, format, format, layout, progress, halfSums);
  }
}
