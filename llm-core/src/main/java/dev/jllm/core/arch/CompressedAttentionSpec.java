package dev.jllm.core.arch;

import org.jspecify.annotations.Nullable;

/**
 * Attention over the last tokens and over blocks of all earlier ones, each compressed to one vector
 * (DeepSeek-V4). One vector a token is the key and the value of all heads; queries come from a
 * short vector; the output is rotated back and projected by groups of heads.
 *
 * @param heads query heads
 * @param dim values of a head, of which the last are rotated
 * @param groups groups of heads that are projected by themselves
 * @param outputRank values of each group's projection
 * @param window tokens that are seen one by one
 * @param ratio tokens of a block, 0 for none; blocks of {@code overlap} see the block before too
 * @param overlap whether blocks overlap
 * @param norm the norm of queries and keys
 * @param rope the rotation
 * @param indexer the choice of blocks, or null where all are seen
 */
public record CompressedAttentionSpec(
    int heads,
    int dim,
    int groups,
    int outputRank,
    int window,
    int ratio,
    boolean overlap,
    NormSpec norm,
    RopeSpec rope,
    @Nullable IndexerSpec indexer)
    implements MixerSpec {

  @Override
  public String describe() {
    IndexerSpec i = indexer;
    return "attention "
        + heads
        + " heads of "
        + dim
        + " over one key, rope "
        + rope.dims()
        + " base "
        + rope.base()
        + ", window "
        + window
        + (ratio > 0 ? ", blocks of " + ratio + " tokens" : "")
        + (overlap ? " that overlap" : "")
        + (i == null ? "" : ", " + i.describe());
  }
}
