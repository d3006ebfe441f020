package dev.jllm.core.kernel;

/** Reads weights as floats. */
@FunctionalInterface
public interface RowReader {
  /**
   * Writes the values {@code from ≤ c < from + count} of a row to {@code target[offset …]}; both
   * bounds are multiples of the format's block size.
   */
  void read(int row, int from, int count, float[] target, int offset);
}
