package dev.jllm.core.arch;

/** What mixes information between the tokens of a layer. */
public interface MixerSpec {
  /** In words, for a person. */
  String describe();
}
