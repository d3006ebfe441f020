package dev.jllm.core.arch;

import org.jspecify.annotations.Nullable;

/**
 * Attention whose keys and values are projections of one short vector a token, and one rotated key
 * for all heads (DeepSeek-V2, arXiv:2405.04434). Where the file has the projections of keys and
 * values apart ({@code attn_k_b}, {@code attn_v_b}), they are absorbed into queries and output, and
 * the cache holds the short vectors alone.
 *
 * <p>A sheet of options, as {@link AttentionSpec}.
 */
public final class LatentAttentionSpec implements MixerSpec {
  public final int heads;
  public final int rank;
  public final int plainDim;
  public final int rotatedDim;
  public final int valueDim;
  public final NormSpec norm;
  public final RopeSpec rope;
  public float scale;
  public int temperatureLength;
  public float temperatureScale;
  public int window;
  public AttentionSpec.Gate gate = AttentionSpec.Gate.NONE;
  public boolean rotatedKeyNorm;
  public @Nullable IndexerSpec indexer;
  public int indexerLayer = -1;

  /**
   * Latent attention.
   *
   * @param rank values of the vector that keys and values come from
   * @param plainDim values of a query and key that are not rotated
   * @param valueDim values of a head's output
   * @param rope the rotation of the other values of a query and key
   */
  public LatentAttentionSpec(
      int heads, int rank, int plainDim, int valueDim, NormSpec norm, RopeSpec rope) {
    this.heads = heads;
    this.rank = rank;
    this.plainDim = plainDim;
    this.rotatedDim = rope.dims();
    this.valueDim = valueDim;
    this.norm = norm;
    this.rope = rope;
    this.scale = 1 / (float) Math.sqrt(plainDim + rope.dims());
  }

  /** What scores are multiplied by. */
  public LatentAttentionSpec scale(float factor) {
    scale = factor;
    return this;
  }

  /** Queries grow with the position, see {@link AttentionSpec#temperature}. */
  public LatentAttentionSpec temperature(int length, float factor) {
    temperatureLength = length;
    temperatureScale = factor;
    return this;
  }

  /** Only the last {@code size} tokens are seen; 0 for all. */
  public LatentAttentionSpec window(int size) {
    window = size;
    return this;
  }

  /** The output of the heads is gated. */
  public LatentAttentionSpec gate(AttentionSpec.Gate kind) {
    gate = kind;
    return this;
  }

  /** The rotated key is normalised ({@code attn_k_norm}) before its rotation. */
  public LatentAttentionSpec rotatedKeyNorm() {
    rotatedKeyNorm = true;
    return this;
  }

  /** Only the tokens that an indexer chooses are seen. */
  public LatentAttentionSpec indexer(IndexerSpec spec) {
    indexer = spec;
    return this;
  }

  /** The choice of the indexer of an earlier layer is used again. */
  public LatentAttentionSpec indexerOf(int layer) {
    indexerLayer = layer;
    return this;
  }

  @Override
  public String describe() {
    IndexerSpec i = indexer;
    return "latent attention "
        + heads
        + " heads of "
        + plainDim
        + "+"
        + rotatedDim
        + "/"
        + valueDim
        + " from "
        + rank
        + ", rope base "
        + rope.base()
        + (window > 0 ? ", window " + window : "")
        + (gate == AttentionSpec.Gate.NONE ? "" : ", gated")
        + (i == null ? "" : ", " + i.describe())
        + (indexerLayer >= 0 ? ", tokens chosen by layer " + indexerLayer : "");
  }
}
