package dev.jllm.api.spi;

import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Where a model lies. */
public interface ModelSource {
  /**
   * A file, or any file of a split model.
   *
   * @param path the file
   */
  record OfPath(Path path) implements ModelSource {}

  /**
   * A part of an open file.
   *
   * @param channel open for reading
   * @param offset first byte
   * @param length bytes
   */
  record OfChannel(FileChannel channel, long offset, long length) implements ModelSource {}
}
