package dev.jllm.core.arch;

/** A mere projection {@code attn_output} of each token in the place of attention. */
public record ProjectionSpec() implements MixerSpec {
  @Override
  public String describe() {
    return "projection in the place of attention";
  }
}
