package dev.jllm.api.spi;

import dev.jllm.api.CacheType;
import dev.jllm.api.LoadListener;
import dev.jllm.api.WeightLayout;
import java.util.Objects;

/** What {@link dev.jllm.api.Model.Loader} collects. */
public final class LoadOptions {
  private final int threads;
  private final int contextLength;
  private final CacheType keyType;
  private final CacheType valueType;
  private final WeightLayout weightLayout;
  private final LoadListener listener;

  private LoadOptions(Builder b) {
    threads = b.threads;
    contextLength = b.contextLength;
    keyType = b.keyType;
    valueType = b.valueType;
    weightLayout = b.weightLayout;
    listener = b.listener;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Threads that compute; 0: as many as processors. */
  public int threads() {
    return threads;
  }

  /** Tokens a session can hold; 0: what the model was trained for. */
  public int contextLength() {
    return contextLength;
  }

  /** The format of cached keys. */
  public CacheType keyType() {
    return keyType;
  }

  /** The format of cached values. */
  public CacheType valueType() {
    return valueType;
  }

  /** How weights lie in memory. */
  public WeightLayout weightLayout() {
    return weightLayout;
  }

  /** Hears of the loading. */
  public LoadListener listener() {
    return listener;
  }

  /** Builds {@link LoadOptions}. */
  public static final class Builder {
    private int threads;
    private int contextLength;
    private CacheType keyType = CacheType.F16;
    private CacheType valueType = CacheType.F16;
    private WeightLayout weightLayout = WeightLayout.AUTO;
    private LoadListener listener = fraction -> {};

    private Builder() {}

    /** Threads that compute. */
    public Builder threads(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("threads is " + value + ", must be at least 1");
      }
      threads = value;
      return this;
    }

    /** Tokens a session can hold. */
    public Builder contextLength(int tokens) {
      if (tokens < 1) {
        throw new IllegalArgumentException("contextLength is " + tokens + ", must be at least 1");
      }
      contextLength = tokens;
      return this;
    }

    /** The formats of cached keys and values. */
    public Builder cacheTypes(CacheType keys, CacheType values) {
      keyType = Objects.requireNonNull(keys, "keys");
      valueType = Objects.requireNonNull(values, "values");
      return this;
    }

    /** How weights lie in memory. */
    public Builder weightLayout(WeightLayout layout) {
      weightLayout = Objects.requireNonNull(layout, "layout");
      return this;
    }

    /** Hears of the loading. */
    public Builder listener(LoadListener value) {
      listener = Objects.requireNonNull(value, "listener");
      return this;
    }

    /** The options. */
    public LoadOptions build() {
      return new LoadOptions(this);
    }
  }
}
