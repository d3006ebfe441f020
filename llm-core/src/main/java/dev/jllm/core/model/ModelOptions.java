package dev.jllm.core.model;

import dev.jllm.core.cache.KvFormat;

/**
 * How a model is to be run.
 *
 * @param context tokens that a sequence may hold, 0 for the context of the training
 * @param keys the format of cached keys
 * @param values the format of cached values
 */
public record ModelOptions(int context, KvFormat keys, KvFormat values) {
  /** The context of the training, keys and values as 16-bit floats. */
  public static ModelOptions defaults() {
    return new ModelOptions(0, KvFormat.F16, KvFormat.F16);
  }

  /** The same with keys and values in the given format. */
  public ModelOptions cache(KvFormat format) {
    return new ModelOptions(context, format, format);
  }
}
