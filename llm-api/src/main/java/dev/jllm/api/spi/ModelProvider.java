package dev.jllm.api.spi;

import dev.jllm.api.Model;

/** Loads models. Found by {@link java.util.ServiceLoader}. */
public interface ModelProvider {
  /**
   * Loads a model.
   *
   * @throws dev.jllm.api.ModelFormatException if the source is no readable model
   * @throws dev.jllm.api.UnsupportedModelException if this provider cannot run the model
   */
  Model load(ModelSource source, LoadOptions options);
}
