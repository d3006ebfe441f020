package dev.jllm.api;

import java.time.Duration;

/**
 * Where the time went.
 *
 * @param prompt processing the part of the prompt that was not cached
 * @param firstToken from the request to the first token
 * @param decode writing the tokens after the first one
 */
public record Timings(Duration prompt, Duration firstToken, Duration decode) {}
