package dev.jllm.api;

import dev.jllm.api.spi.ModelProviders;
import java.util.List;

/** A function that a model may call. Implementations must be thread-safe. */
public interface Tool {
  /** What the model is told of it. */
  ToolDefinition definition();

  /**
   * Runs the tool.
   *
   * @param arguments a JSON object
   * @return the result as text, often JSON
   * @throws Exception whose message is given back to the model
   */
  String call(String arguments) throws Exception;

  /** A function over the JSON text of the arguments. */
  @FunctionalInterface
  interface Function {
    /** Runs the tool. */
    String call(String arguments) throws Exception;
  }

  /**
   * A tool made of a function.
   *
   * @param name the name the model calls it by
   * @param description what it does and when to use it
   * @param parametersSchema JSON schema of the arguments, an object schema
   * @param function what it does
   */
  static Tool of(String name, String description, String parametersSchema, Function function) {
    ToolDefinition definition = new ToolDefinition(name, description, parametersSchema);
    return new Tool() {
      @Override
      public ToolDefinition definition() {
        return definition;
      }

      @Override
      public String call(String arguments) throws Exception {
        return function.call(arguments);
      }
    };
  }

  /**
   * Tools made of the public methods of {@code target} that carry {@link ToolMethod}; or, where
   * {@code target} is the class of a record that carries it and is a {@link
   * java.util.concurrent.Callable}, the one tool that the record is. Parameters and components may
   * be strings, numbers, booleans, enums, arrays, lists, maps, optionals and records of these;
   * {@link ToolParam} describes them. Arguments are checked before the method runs.
   *
   * @throws IllegalArgumentException if nothing is annotated, or a type in use has no JSON form
   */
  static List<Tool> annotated(Object target) {
    return ModelProviders.find().annotatedTools(target);
  }
}
