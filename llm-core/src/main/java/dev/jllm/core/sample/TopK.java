package dev.jllm.core.sample;

/**
 * Keeps the {@code k} candidates of the greatest logits.
 *
 * <p>A. Fan, M. Lewis, Y. Dauphin: Hierarchical Neural Story Generation. ACL 2018,
 * arXiv:1805.04833.
 */
public final class TopK implements Sampler {
  private final int k;

  /** A {@code k} of 0 or less keeps all. */
  public TopK(int k) {
    this.k = k;
  }

  @Override
  public String name() {
    return "top_k";
  }

  @Override
  public void apply(Candidates candidates) {
    if (k > 0) {
      candidates.keepTop(k);
    }
  }

  @Override
  public TopK copy() {
    return this;
  }
}
