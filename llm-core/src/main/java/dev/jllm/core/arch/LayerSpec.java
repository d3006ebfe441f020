package dev.jllm.core.arch;

import org.jspecify.annotations.Nullable;

/**
 * One layer: {@code x += post(mixer(pre(x)))}, then the same with the feed-forward network; or both
 * beside each other. Norms are named by their tensors; a null name stands for none. A sheet of
 * options, as {@link AttentionSpec}.
 */
public final class LayerSpec {
  public final int index;
  public final NormSpec norm;
  public @Nullable MixerSpec mixer;
  public @Nullable FfnSpec ffn;
  public @Nullable String mixerNorm = "attn_norm";
  public @Nullable String mixerPostNorm;
  public @Nullable String ffnNorm = "ffn_norm";
  public @Nullable String ffnPostNorm;
  public boolean normWeights = true;
  public boolean parallel;
  public float residualScale = 1;
  public @Nullable FfnSpec sideFfn;
  public @Nullable String sideNorm;
  public boolean sideFromResidual;
  public @Nullable String sidePostNorm;
  public @Nullable String ffnInnerPostNorm;
  public @Nullable NormSpec postNorm;
  public @Nullable String endNorm;
  public int perLayerInput;
  public boolean outputScale;
  public boolean embeddingSkip;

  /** Layer {@code index}, whose norms are of one kind. */
  public LayerSpec(int index, NormSpec norm) {
    this.index = index;
    this.norm = norm;
  }

  /** What mixes tokens; null for nothing. */
  public LayerSpec mixer(@Nullable MixerSpec spec) {
    mixer = spec;
    return this;
  }

  /** What transforms each token; null for nothing. */
  public LayerSpec ffn(@Nullable FfnSpec spec) {
    ffn = spec;
    return this;
  }

  /** The names of the norms before the mixer and before the feed-forward network. */
  public LayerSpec norms(@Nullable String beforeMixer, @Nullable String beforeFfn) {
    mixerNorm = beforeMixer;
    ffnNorm = beforeFfn;
    return this;
  }

  /** The names of the norms of what the mixer and the feed-forward network give. */
  public LayerSpec postNorms(@Nullable String afterMixer, @Nullable String afterFfn) {
    mixerPostNorm = afterMixer;
    ffnPostNorm = afterFfn;
    return this;
  }

  /** Norms of what the mixer and the feed-forward network give, with the usual names. */
  public LayerSpec postNorms() {
    return postNorms("post_attention_norm", "post_ffw_norm");
  }

  /**
   * The feed-forward network starts from the layer's input, not from the mixer's result; without a
   * norm of its own it takes the mixer's normalised input.
   */
  public LayerSpec parallel() {
    parallel = true;
    return this;
  }

  /** A second network, from the layer's input through a norm of its own. */
  public LayerSpec side(FfnSpec spec, String norm) {
    sideFfn = spec;
    sideNorm = norm;
    return this;
  }

  /**
   * A second network beside the first, from the same stream: the results of both are normalised by
   * {@code firstPost} and {@code sidePost} and added before the norm after the network.
   */
  public LayerSpec beside(FfnSpec spec, String norm, String firstPost, String sidePost) {
    sideFfn = spec;
    sideNorm = norm;
    sideFromResidual = true;
    ffnInnerPostNorm = firstPost;
    sidePostNorm = sidePost;
    return this;
  }

  /** The norms of what the mixer and the network give are of this kind. */
  public LayerSpec postNorm(NormSpec spec) {
    postNorm = spec;
    return this;
  }

  /** The layer's output is normalised by a tensor of this name. */
  public LayerSpec endNorm(String name) {
    endNorm = name;
    return this;
  }

  /** Each layer has an embedding of its own of this width, 0 for none (Gemma 3n). */
  public LayerSpec perLayerInput(int width) {
    perLayerInput = width;
    return this;
  }

  /** The layer's output is multiplied by {@code layer_output_scale}, where the file has it. */
  public LayerSpec outputScale() {
    outputScale = true;
    return this;
  }

  /** The embedding, times {@code layer_output_scale}, is added to the layer's output. */
  public LayerSpec embeddingSkip() {
    embeddingSkip = true;
    return this;
  }

  /** What the mixer and the feed-forward network give is multiplied by this; 0 for 1. */
  public LayerSpec residualScale(float factor) {
    residualScale = factor == 0 ? 1 : factor;
    return this;
  }

  /** The norms of this layer have no tensors. */
  public LayerSpec normsWithoutWeights() {
    normWeights = false;
    return this;
  }
}
