package dev.jllm.core.engine;

import dev.jllm.api.spi.JsonBinding;
import dev.jllm.core.grammar.PartialJson;
import dev.jllm.core.grammar.bind.JavaReader;
import dev.jllm.core.grammar.bind.JavaSchema;

/** Maps between Java types and JSON by reflection on the types alone. */
final class JavaTypes implements JsonBinding {
  @Override
  public String schemaOf(Class<?> type) {
    return JavaSchema.of(type);
  }

  @Override
  public <T> T read(String json, Class<T> type) {
    T value = JavaReader.read(json, type);
    if (value == null) {
      throw new IllegalArgumentException("the JSON is null");
    }
    return value;
  }

  @Override
  public PartialJson partialJson() {
    return new PartialJson();
  }
}
