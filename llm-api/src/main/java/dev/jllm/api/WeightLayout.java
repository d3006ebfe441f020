package dev.jllm.api;

/** How weights lie in memory. */
public enum WeightLayout {
  /** Repacked where that makes generation faster on this machine. */
  AUTO,
  /** Straight from the mapped file: loads at once, shares memory between processes. */
  AS_IS,
  /** Repacked wherever there is a faster layout. */
  REPACK
}
