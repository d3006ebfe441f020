package dev.jllm.api;

/** Whether and how long a model thinks before it answers, for models that do. */
public final class Thinking {
  private static final Thinking DEFAULT = new Thinking(true, false, Integer.MAX_VALUE);
  private static final Thinking ON = new Thinking(false, true, Integer.MAX_VALUE);
  private static final Thinking OFF = new Thinking(false, false, 0);

  private final boolean unspecified;
  private final boolean enabled;
  private final int budget;

  private Thinking(boolean unspecified, boolean enabled, int budget) {
    this.unspecified = unspecified;
    this.enabled = enabled;
    this.budget = budget;
  }

  /** What the model's template does by itself. */
  public static Thinking unspecified() {
    return DEFAULT;
  }

  /** Thinks as long as it wants. */
  public static Thinking on() {
    return ON;
  }

  /** Answers at once. */
  public static Thinking off() {
    return OFF;
  }

  /** Thinks for at most {@code tokens} tokens, then the end mark is written for the model. */
  public static Thinking budget(int tokens) {
    if (tokens < 0) {
      throw new IllegalArgumentException(
          "the thinking budget is " + tokens + ", must not be negative");
    }
    return tokens == 0 ? OFF : new Thinking(false, true, tokens);
  }

  /** Whether the template decides. */
  public boolean isUnspecified() {
    return unspecified;
  }

  /** Whether thinking is asked for; meaningless if {@link #isUnspecified()}. */
  public boolean isEnabled() {
    return enabled;
  }

  /** Tokens of thinking at most. */
  public int maxTokens() {
    return budget;
  }
}
