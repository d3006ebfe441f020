package dev.jllm.api;

import java.util.Objects;

/** How texts become vectors. Immutable. */
public final class EmbedOptions {
  /** Which tokens make up the vector of a text. */
  public enum Pooling {
    /** As the model's file says; the mean where it says nothing. */
    MODEL,
    /** The mean of all tokens. */
    MEAN,
    /** The first token alone. */
    CLS,
    /** The last token alone. */
    LAST
  }

  private static final EmbedOptions DEFAULTS = new EmbedOptions(Pooling.MODEL, true);

  private final Pooling pooling;
  private final boolean normalized;

  private EmbedOptions(Pooling pooling, boolean normalized) {
    this.pooling = pooling;
    this.normalized = normalized;
  }

  /** The model's own pooling; vectors of length one, so that their products are cosines. */
  public static EmbedOptions defaults() {
    return DEFAULTS;
  }

  /** A copy with other pooling. */
  public EmbedOptions withPooling(Pooling value) {
    return new EmbedOptions(Objects.requireNonNull(value, "pooling"), normalized);
  }

  /** A copy that brings vectors to length one (in the Euclidean norm), or does not. */
  public EmbedOptions withNormalized(boolean value) {
    return new EmbedOptions(pooling, value);
  }

  /** Which tokens make up a vector. */
  public Pooling pooling() {
    return pooling;
  }

  /** Whether vectors are brought to length one. */
  public boolean isNormalized() {
    return normalized;
  }
}
