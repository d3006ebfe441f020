package dev.jllm.core.engine;

import dev.jllm.api.spi.ModelProvider;

/** The engine's entry point, found by {@link java.util.ServiceLoader}. */
public final class JllmModelProvider implements ModelProvider {
  /** For {@link java.util.ServiceLoader}. */
  public JllmModelProvider() {}
}
