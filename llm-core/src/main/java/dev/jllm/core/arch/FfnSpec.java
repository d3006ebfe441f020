package dev.jllm.core.arch;

/** What transforms each token by itself in a layer. */
public interface FfnSpec {
  /** In words, for a person. */
  String describe();
}
