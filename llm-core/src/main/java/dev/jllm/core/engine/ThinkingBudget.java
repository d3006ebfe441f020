package dev.jllm.core.engine;

import dev.jllm.api.Thinking;
import dev.jllm.core.token.TextTokenizer;
import org.jspecify.annotations.Nullable;

/** Ends a model's thoughts after a number of tokens by writing the end mark in its place. */
final class ThinkingBudget {
  private final OutputReader output;
  private final int[] end;
  private int left;
  private int forcedAt;

  private ThinkingBudget(OutputReader output, int[] end, int tokens) {
    this.output = output;
    this.end = end;
    this.left = tokens;
    this.forcedAt = end.length;
  }

  /** The budget that {@code thinking} sets, or null where there is none. */
  static @Nullable ThinkingBudget of(
      Thinking thinking, OutputReader output, TextTokenizer tokenizer) {
    String mark = output.reasoningEnd();
    if (thinking.isUnspecified() || thinking.maxTokens() == Integer.MAX_VALUE || mark == null) {
      return null;
    }
    // The mark is the library's own text, so it may hold control tokens.
    int[] ids = tokenizer.encode(mark, false, true);
    return new ThinkingBudget(output, ids, thinking.maxTokens());
  }

  /** The token that has to come next, or -1. */
  int forced() {
    if (forcedAt == end.length && left <= 0 && output.inReasoning()) {
      forcedAt = 0;
    }
    return forcedAt < end.length ? end[forcedAt] : -1;
  }

  /** A token was written. */
  void written(int id) {
    if (forcedAt < end.length) {
      forcedAt++;
    } else if (output.inReasoning()) {
      left--;
    }
  }
}
