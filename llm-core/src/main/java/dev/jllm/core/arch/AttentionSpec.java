package dev.jllm.core.arch;

import org.jspecify.annotations.Nullable;

/**
 * Attention of query heads over the keys and values of earlier tokens. A sheet of options: an
 * architecture fills it in with the methods that return it, then it is only read. Biases, fused
 * tensors and attention sinks are found by their presence in the file.
 */
public final class AttentionSpec implements MixerSpec {
  /** Which part of queries and keys a norm takes together. */
  public enum QkNorm {
    NONE,
    /** Each head by itself, all with the same weights. */
    HEAD,
    /** Each head by itself, each with weights of its own. */
    EACH,
    /** All heads of a token together. */
    WHOLE
  }

  /** What a window lets a token see. */
  public enum Window {
    NONE,
    /** The last {@code window} tokens, itself included. */
    SLIDING,
    /** The tokens of its own chunk of {@code window}. */
    CHUNKED
  }

  /** How the output of the heads is gated before the last projection. */
  public enum Gate {
    NONE,
    /** By the sigmoid of a projection {@code attn_gate}, to each value or to one a head. */
    SIGMOID,
    /** By softplus of such a projection. */
    SOFTPLUS
  }

  public final int heads;
  public final int kvHeads;
  public final int keyDim;
  public final int valueDim;
  public float scale;
  public @Nullable RopeSpec rope;
  public QkNorm qkNorm = QkNorm.NONE;
  public @Nullable NormSpec norm;
  public boolean normsWherePresent;
  public boolean normWeights = true;
  public boolean keyNormWeights = true;
  public boolean normAfterRope;
  public boolean valueNorm;
  public boolean valueIsKey;
  public float softcap;
  public float maxAlibiBias;
  public float clamp;
  public Window windowKind = Window.NONE;
  public int window;
  public boolean causal = true;
  public Gate gate = Gate.NONE;
  public int kvLayer = -1;
  public @Nullable NormSpec outputNorm;
  public int temperatureLength;
  public float temperatureScale;
  public float temperatureOffset;
  public float outputScale = 1;
  public @Nullable BlockIndexerSpec indexer;
  public boolean halfSums;
  public int fusedRows;
  public int fusedKeys;
  public int fusedValues;

  /** Attention of {@code heads} query heads that share {@code kvHeads} key and value heads. */
  public AttentionSpec(int heads, int kvHeads, int keyDim, int valueDim) {
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    this.scale = 1 / (float) Math.sqrt(keyDim);
    fused((heads + kvHeads) * keyDim + kvHeads * valueDim, heads * keyDim);
  }

  /** The heads that the file gives {@code layer}. */
  public static AttentionSpec of(Hyper m, int layer) {
    return new AttentionSpec(m.heads(layer), m.kvHeads(layer), m.keyDim(), m.valueDim());
  }

  /** Rotary positions; null for none. */
  public AttentionSpec rope(@Nullable RopeSpec spec) {
    rope = spec;
    return this;
  }

  /** What scores are multiplied by; 0 leaves the root of the key's size. */
  public AttentionSpec scale(float factor) {
    if (factor != 0) {
      scale = factor;
    }
    return this;
  }

  /** Norms of queries and keys, before their rotation. */
  public AttentionSpec qkNorm(QkNorm part, NormSpec spec) {
    qkNorm = part;
    norm = spec;
    return this;
  }

  /** As {@link #qkNorm}, queries and keys each only where the file has weights for it. */
  public AttentionSpec qkNormWherePresent(QkNorm part, NormSpec spec) {
    normsWherePresent = true;
    return qkNorm(part, spec);
  }

  /** Queries and keys are normalised after their rotation. */
  public AttentionSpec normAfterRope() {
    normAfterRope = true;
    return this;
  }

  /** The norms of queries and keys have no weights. */
  public AttentionSpec normWithoutWeights() {
    normWeights = false;
    return this;
  }

  /** The norm of keys has no weights. */
  public AttentionSpec keyNormWithoutWeights() {
    keyNormWeights = false;
    return this;
  }

  /**
   * The tensor {@code attn_qkv}, where the file has it: queries come first.
   *
   * @param rows rows of the tensor
   * @param keys the first row of the keys, which the values follow
   */
  public AttentionSpec fused(int rows, int keys) {
    return fused(rows, keys, keys + kvHeads * keyDim);
  }

  /** As {@link #fused(int, int)}, with the first row of the values. */
  public AttentionSpec fused(int rows, int keys, int values) {
    fusedRows = rows;
    fusedKeys = keys;
    fusedValues = values;
    return this;
  }

  /** Only the blocks of tokens that an indexer chooses are seen. */
  public AttentionSpec indexer(BlockIndexerSpec spec) {
    indexer = spec;
    return this;
  }

  /**
   * In comparisons with llama.cpp, queries, keys and values are rounded to half precision, and so
   * is the weighted sum after each token. Scores have neither a soft cap nor biases then.
   */
  public AttentionSpec halfSums() {
    halfSums = true;
    return this;
  }

  /** What the output of the heads is multiplied by; 0 for 1. */
  public AttentionSpec outputScale(float factor) {
    outputScale = factor == 0 ? 1 : factor;
    return this;
  }

  /** Keys stand in for values too, before they are normalised. */
  public AttentionSpec valueIsKey() {
    valueIsKey = true;
    return this;
  }

  /** Values are normalised per head, without weights. */
  public AttentionSpec valueNorm(NormSpec spec) {
    valueNorm = true;
    norm = spec;
    return this;
  }

  /** Scores are squashed into ±{@code limit} by tanh; 0 for none. */
  public AttentionSpec softcap(float limit) {
    softcap = limit;
    return this;
  }

  /** Linear biases by distance (Press et al., arXiv:2108.12409); 0 for none. */
  public AttentionSpec alibi(float maxBias) {
    maxAlibiBias = maxBias;
    return this;
  }

  /** Queries, keys and values are clamped to ±{@code limit}; 0 for none. */
  public AttentionSpec clamp(float limit) {
    clamp = limit;
    return this;
  }

  /** Only the last {@code size} tokens are seen; 0 for all. */
  public AttentionSpec window(int size) {
    return window(size > 0 ? Window.SLIDING : Window.NONE, size);
  }

  /** What tokens are seen. */
  public AttentionSpec window(Window kind, int size) {
    windowKind = kind;
    window = size;
    return this;
  }

  /** Later tokens are seen too. */
  public AttentionSpec bidirectional() {
    causal = false;
    return this;
  }

  /** The output is gated. */
  public AttentionSpec gate(Gate kind) {
    gate = kind;
    return this;
  }

  /** Keys and values are those that another layer has stored. */
  public AttentionSpec kvOf(int layer) {
    kvLayer = layer;
    return this;
  }

  /** The output of the heads is normalised ({@code attn_sub_norm}) before the last projection. */
  public AttentionSpec outputNorm(NormSpec spec) {
    outputNorm = spec;
    return this;
  }

  /**
   * Queries grow with the position: by {@code 1 + scale · log(1 + floor((position + offset) /
   * length))}.
   */
  public AttentionSpec temperature(int length, float factor, float offset) {
    temperatureLength = length;
    temperatureScale = factor;
    temperatureOffset = offset;
    return this;
  }

  @Override
  public String describe() {
    StringBuilder b = new StringBuilder("attention ");
    b.append(heads).append('/').append(kvHeads).append(" heads of ").append(keyDim);
    if (valueDim != keyDim) {
      b.append('/').append(valueDim);
    }
    RopeSpec r = rope;
    if (r != null) {
      b.append(", rope ").append(r.dims()).append(" base ").append(r.base());
      if (r.scale() != 1) {
        b.append(" scale ").append(r.scale());
      }
      if (r.ext() != 0) {
        b.append(" yarn");
      }
    } else if (maxAlibiBias != 0) {
      b.append(", alibi");
    } else {
      b.append(", no positions");
    }
    if (qkNorm != QkNorm.NONE) {
      b.append(", qk-norm per ").append(qkNorm == QkNorm.WHOLE ? "token" : "head");
    }
    if (windowKind != Window.NONE) {
      b.append(windowKind == Window.SLIDING ? ", window " : ", chunks of ").append(window);
    }
    if (!causal) {
      b.append(", both directions");
    }
    if (softcap != 0) {
      b.append(", softcap ").append(softcap);
    }
    if (gate != Gate.NONE) {
      b.append(", gated");
    }
    if (kvLayer >= 0) {
      b.append(", keys and values of layer ").append(kvLayer);
    }
    BlockIndexerSpec i = indexer;
    if (i != null) {
      b.append(", ").append(i.describe());
    }
    return b.toString();
  }
}
