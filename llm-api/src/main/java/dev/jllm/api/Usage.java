package dev.jllm.api;

/**
 * Tokens counted.
 *
 * @param promptTokens tokens of the whole prompt
 * @param cachedTokens those of them that were in the session's cache already
 * @param newTokens tokens written, the end-of-generation token not counted
 */
public record Usage(int promptTokens, int cachedTokens, int newTokens) {}
