package dev.jllm.api.spi;

/** Loads models. Found by {@link java.util.ServiceLoader}. */
public interface ModelProvider {}
