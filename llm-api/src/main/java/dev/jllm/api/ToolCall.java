package dev.jllm.api;

/**
 * A model's request to run a tool.
 *
 * @param id identifies the call within the conversation; the result refers to it
 * @param name the tool's name
 * @param arguments the arguments, a JSON object
 */
public record ToolCall(String id, String name, String arguments) {}
