package dev.jllm.core.kernel;

/** How the weights of a matrix lie in memory. */
public enum WeightLayout {
  /** Repacked where that is faster and the kernels at hand have a layout of their own. */
  AUTO,
  /**
   * Weights below 8 bits are copied at load into the layout that the kernels like best: twice the
   * speed of decoding for the price of a longer load. The copy takes about as many bytes as the
   * file, outside the Java heap; the file's own pages are not kept.
   */
  REPACK,
  /** Used straight from the mapped file: loads at once, and processes share the pages. */
  AS_IS
}
