package dev.jllm.core.engine;

import dev.jllm.api.Model;
import dev.jllm.api.UnsupportedModelException;
import dev.jllm.api.spi.LoadOptions;
import dev.jllm.api.spi.ModelProvider;
import dev.jllm.api.spi.ModelSource;

/** The engine's entry point, found by {@link java.util.ServiceLoader}. */
public final class JllmModelProvider implements ModelProvider {
  /** For {@link java.util.ServiceLoader}. */
  public JllmModelProvider() {}

  @Override
  public Model load(ModelSource source, LoadOptions options) {
    throw new UnsupportedModelException("the engine is being built");
  }
}
