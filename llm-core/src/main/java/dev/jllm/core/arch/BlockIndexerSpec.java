package dev.jllm.core.arch;

/**
 * A small attention that chooses, for each key head, the blocks of tokens that the real one sees:
 * those with the greatest scores, and always the last ones.
 *
 * @param heads its query heads, one for each key head, which share one key
 * @param dim values of a head
 * @param block tokens in a block
 * @param topK blocks that are chosen
 * @param local blocks up to the token's own that are always chosen
 * @param rope the rotation of the first values of a head
 * @param norm the norm of queries and keys
 */
public record BlockIndexerSpec(
    int heads, int dim, int block, int topK, int local, RopeSpec rope, NormSpec norm) {
  /** In words, for a person. */
  public String describe() {
    return "best " + topK + " blocks of " + block + " tokens";
  }
}
