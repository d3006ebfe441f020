package dev.jllm.core.kernel;

import dev.jllm.gguf.GgmlType;
import java.nio.Buffer;
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

  /**
   * Copies the bytes from {@code from} on to the beginning of {@code target}; if possible without
   * making pages of the mapped file part of this process's memory.
   */
  default void read(long from, byte[] target, int length) {
    ByteBuffer all = map().duplicate();
    ((Buffer) all).position(Math.toIntExact(from));
    all.get(target, 0, length);
  }
}
