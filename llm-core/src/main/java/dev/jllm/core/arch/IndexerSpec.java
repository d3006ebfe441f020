package dev.jllm.core.arch;

/**
 * A small attention that chooses which tokens the real one sees (DeepSeek-V3.2, arXiv:2512.02556).
 *
 * @param heads its query heads, which share one key
 * @param dim values of a head
 * @param topK tokens that are chosen
 * @param rope the rotation of the first values of a head
 * @param norm the norm of its keys
 * @param rotatedLast whether the last values are rotated instead
 */
public record IndexerSpec(
    int heads, int dim, int topK, RopeSpec rope, NormSpec norm, boolean rotatedLast) {
  /** In words, for a person. */
  public String describe() {
    return "best " + topK + " tokens by an indexer of " + heads + " heads of " + dim;
  }
}
