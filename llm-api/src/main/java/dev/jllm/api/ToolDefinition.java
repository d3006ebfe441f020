package dev.jllm.api;

/**
 * What a model is told of a tool.
 *
 * @param name the name the model calls it by
 * @param description what it does and when to use it
 * @param parametersSchema JSON schema of the arguments, an object schema
 */
public record ToolDefinition(String name, String description, String parametersSchema) {}
