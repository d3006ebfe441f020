package dev.jllm.core.kernel.vector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Memory outside the Java heap that lives as long as somebody refers to it. */
final class OffHeap {
  private static volatile boolean limitReached;

  private OffHeap() {}

  /**
   * Zeroed memory. The JVM limits native memory of this kind to the size of the heap
   * (-XX:MaxDirectMemorySize); beyond that, private pages of an unlinked temporary file serve as
   * well: they are never written to the disk and count against no limit.
   */
  static MemorySegment allocate(long bytes) {
    if (!limitReached) {
      try {
        return Arena.ofAuto().allocate(bytes, 64);
      } catch (OutOfMemoryError e) {
        limitReached = true;
      }
    }
    try {
      Path file = Files.createTempFile("jllm", ".weights");
      try (FileChannel c =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        return c.map(FileChannel.MapMode.PRIVATE, 0, bytes, Arena.ofAuto());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no memory for " + bytes + " bytes of weights", e);
    }
  }
}
