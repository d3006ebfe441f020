package dev.jllm.api.spi;

import dev.jllm.api.Model;
import dev.jllm.api.Tool;
import java.util.List;

/** Loads models. Found by {@link java.util.ServiceLoader}. */
public interface ModelProvider {
  /**
   * Loads a model.
   *
   * @throws dev.jllm.api.ModelFormatException if the source is no readable model
   * @throws dev.jllm.api.UnsupportedModelException if this provider cannot run the model
   */
  Model load(ModelSource source, LoadOptions options);

  /**
   * Makes tools of annotated methods or of an annotated record: {@link Tool#annotated}.
   *
   * @throws IllegalArgumentException if nothing of the target is annotated, or a type in use has no
   *     JSON form
   */
  default List<Tool> annotatedTools(Object target) {
    throw new IllegalStateException(
        getClass().getName() + " makes no tools of annotations; use Tool.of");
  }

  /**
   * Maps between Java types and JSON: {@link dev.jllm.api.ResponseFormat#of} and {@link
   * dev.jllm.api.GenerationResult#as}.
   */
  default JsonBinding jsonBinding() {
    throw new IllegalStateException(
        getClass().getName() + " does not map JSON to Java types; use ResponseFormat.jsonSchema");
  }
}
