package dev.jllm.api;

/** Options of a {@link Session}. */
public final class SessionOptions {
  private static final SessionOptions DEFAULTS = builder().build();

  private final int contextLength;

  private SessionOptions(Builder b) {
    contextLength = b.contextLength;
  }

  /** The model's context. */
  public static SessionOptions defaults() {
    return DEFAULTS;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Tokens the session can hold; 0: as many as the model's context. */
  public int contextLength() {
    return contextLength;
  }

  /** Builds {@link SessionOptions}. */
  public static final class Builder {
    private int contextLength;

    private Builder() {}

    /**
     * Tokens the session can hold, at most the model's context; 0 (default): the model's context.
     */
    public Builder contextLength(int tokens) {
      if (tokens < 0) {
        throw new IllegalArgumentException("contextLength is " + tokens + ", must not be negative");
      }
      contextLength = tokens;
      return this;
    }

    /** The options. */
    public SessionOptions build() {
      return new SessionOptions(this);
    }
  }
}
