package dev.jllm.core.kernel;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * Where the weights of a matrix come from: {@code rows} rows of {@code columns} values, each row in
 * whole blocks of {@code type}, one row after the other, fewer than 2 GiB in all.
 */
public interface WeightSource {
  /** The block format. */
  GgmlType type();

  /** Rows. */
  int rows();

  /** Values in a row. */
  int columns();

  /**
   * All bytes as mapped memory, in the byte order of the file; stays valid as long as it is
   * reachable.
   */
  ByteBuffer map();

  /**
   * Reads bytes {@code from} to {@code from + target.remaining()} without keeping them mapped. May
   * be called by several threads at once.
   */
  void read(long from, ByteBuffer target);
}
