package dev.jllm.core.block;

/**
 * Low-rank additions to one matrix, one pair for each number of an adapter: {@code y += up[n]
 * (down[n] x)}.
 *
 * @param down matrices of {@code rank × in}
 * @param up matrices of {@code out × rank}
 */
public record Adapters(Linear[] down, Linear[] up) {}
