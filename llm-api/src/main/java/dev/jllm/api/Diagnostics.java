package dev.jllm.api;

/**
 * How a model runs here.
 *
 * @param kernels the arithmetic in use, such as {@code vector-512} or {@code plain}
 * @param kernelsReason why these; where a faster choice exists, what to do to get it
 * @param threads threads that compute, the caller's included
 * @param weightBytes bytes of weights, mapped and repacked
 * @param cacheBytesPerToken bytes of key/value cache that one token takes
 * @param activeGenerations generations that run now
 */
public record Diagnostics(
    String kernels,
    String kernelsReason,
    int threads,
    long weightBytes,
    long cacheBytesPerToken,
    int activeGenerations) {}
