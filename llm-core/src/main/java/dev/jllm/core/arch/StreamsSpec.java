package dev.jllm.core.arch;

/** Where the residual stream is more than one vector a token. */
public interface StreamsSpec {
  /** In words, for a person. */
  String describe();

  /**
   * Several streams that each block reads as one and writes back to all, with weights of each token
   * (hyper-connections, arXiv:2409.19606), here without mixing between streams.
   *
   * @param count streams
   * @param epsilon added to every weight
   * @param magnitude what weights of writing are multiplied by
   */
  record Hyper(int count, float epsilon, float magnitude) implements StreamsSpec {
    @Override
    public String describe() {
      return count + " streams by hyper-connections";
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
