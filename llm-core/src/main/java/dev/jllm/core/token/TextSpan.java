package dev.jllm.core.token;

/**
 * A piece of a longer text.
 *
 * @param text the characters
 * @param trusted whether strings of control tokens in it become control tokens (a template's own
 *     text) or stay text (what a user wrote)
 */
public record TextSpan(String text, boolean trusted) {}
