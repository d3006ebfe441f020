package dev.jllm.core.arch;

/** Where the residual stream is more than one vector a token. */
public interface StreamsSpec {
  /** In words, for a person. */
  String describe();

  /**
   * Several streams that each block reads as one and writes back to all, with weights of each token
   * (hyper-connections, arXiv:2409.19606). Streams may be mixed where a block writes, by a matrix
   * that Sinkhorn's iterations make doubly stochastic (arXiv:2512.24880).
   *
   * @param count streams
   * @param epsilon added to every weight of reading, and of writing where nothing is mixed
   * @param magnitude what weights of writing are multiplied by
   * @param sinkhorn iterations for the matrix that mixes streams, 0 for no mixing
   */
  record Hyper(int count, float epsilon, float magnitude, int sinkhorn) implements StreamsSpec {
    @Override
    public String describe() {
      return count + " streams by hyper-connections" + (sinkhorn > 0 ? " that mix" : "");
    }
  }

  /**
   * A fast and a slow stream (hierarchical reasoning, arXiv:2506.21734): stacks of layers read the
   * sum of both and write one of them.
   *
   * @param layersPerStack layers of a stack
   * @param slowCycles writings of the slow stream
   * @param fastCycles writings of the fast stream before each of those
   */
  record FastAndSlow(int layersPerStack, int slowCycles, int fastCycles) implements StreamsSpec {
    @Override
    public String describe() {
      return "a fast and a slow stream, " + slowCycles + " times " + fastCycles + " + 1 stacks";
    }
  }

  /**
   * Alternating updates (arXiv:2301.13310): layers compute one of several streams, the others are
   * predicted from it and corrected.
   *
   * @param count streams
   * @param active the one that layers compute
   */
  record Alternating(int count, int active) implements StreamsSpec {
    @Override
    public String describe() {
      return count + " streams by alternating updates";
    }
  }
}
