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
   * All bytes, little-endian: the mapped file itself wherever that is possible. Valid as long as
   * the file's user keeps it open.
   */
  ByteBuffer map();
}
