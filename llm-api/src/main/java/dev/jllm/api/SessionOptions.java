package dev.jllm.api;

/** Options of a {@link Session}. */
public final class SessionOptions {
  private static final SessionOptions DEFAULTS = builder().build();

  private final int contextLength;
  private final int reservedTokens;

  private SessionOptions(Builder b) {
    contextLength = b.contextLength;
    reservedTokens = b.reservedTokens;
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

  /** Tokens whose memory is allocated when the session opens. */
  public int reservedTokens() {
    return reservedTokens;
  }

  /** Builds {@link SessionOptions}. */
  public static final class Builder {
    private int contextLength;
    private int reservedTokens;

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

    /**
     * Tokens whose memory in the cache is allocated when the session opens, so that generating
     * allocates nothing; more than the session can hold count as many as it can. 0 (default): the
     * memory grows with the tokens.
     */
    public Builder reservedTokens(int tokens) {
      if (tokens < 0) {
        throw new IllegalArgumentException(
            "reservedTokens is " + tokens + ", must not be negative");
      }
      reservedTokens = tokens;
      return this;
    }

    /** The options. */
    public SessionOptions build() {
      return new SessionOptions(this);
    }
  }
}
