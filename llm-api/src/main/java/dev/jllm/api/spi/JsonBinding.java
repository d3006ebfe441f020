package dev.jllm.api.spi;

import dev.jllm.api.PartialJson;

/** How an engine maps between Java types and JSON. */
public interface JsonBinding {
  /**
   * The JSON schema of a record or class.
   *
   * @throws IllegalArgumentException if the type, or one in it, has no JSON form
   */
  String schemaOf(Class<?> type);

  /**
   * The value of the type that the JSON text stands for.
   *
   * @throws RuntimeException if the text is no such value, saying what is wrong where
   */
  <T> T read(String json, Class<T> type);

  /** A reader of JSON that is still being written. */
  PartialJson partialJson();
}
