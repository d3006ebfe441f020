package dev.jllm.core.chat.jinja;

import java.time.Duration;

/**
 * What one rendering may use. A template comes with a model file, so it may be broken or hostile.
 *
 * @param steps evaluated nodes and loop rounds; bulk operations count by their size
 * @param characters the longest single text, the result included, in UTF-16 code units
 * @param allocation all texts and lists built during a rendering together, in characters or items
 * @param depth nested macro calls, recursive loops and nested values
 * @param time wall-clock time
 */
public record Limits(long steps, int characters, long allocation, int depth, Duration time) {
  /** Far above what any published template needs for a full context. */
  public static final Limits DEFAULT =
      new Limits(50_000_000, 16 << 20, 96 << 20, 100, Duration.ofSeconds(10));
}
