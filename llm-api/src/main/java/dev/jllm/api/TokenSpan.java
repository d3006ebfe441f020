package dev.jllm.api;

/**
 * A token and its place in the text.
 *
 * @param id the token
 * @param start first char
 * @param end char after the last
 */
public record TokenSpan(int id, int start, int end) {}
