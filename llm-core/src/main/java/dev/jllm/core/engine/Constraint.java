package dev.jllm.core.engine;

import dev.jllm.core.sample.Candidates;
import dev.jllm.core.sample.SamplerChain;

/** Lets a sampler choose only among the tokens that a format allows. */
interface Constraint {
  /** Chooses a token that the format allows; an end-of-generation token where the text may end. */
  int choose(SamplerChain sampler, Candidates candidates, float[] logits);

  /** Learns of the token that was chosen. */
  void accept(int id);

  /** Whether it holds for thoughts too, not for the answer alone. */
  boolean holdsForThoughts();

  /** Whether the text is complete and nothing can follow it. */
  boolean isFinished();
}
