package dev.jllm.api;

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
}
