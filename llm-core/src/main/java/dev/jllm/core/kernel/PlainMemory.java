package dev.jllm.core.kernel;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Memory outside the Java heap. */
final class PlainMemory {
  private static volatile boolean limitReached;

  private PlainMemory() {}

  /**
   * Zeroed memory. The JVM limits memory of this kind to the size of the heap
   * (-XX:MaxDirectMemorySize); beyond that, private pages of a removed temporary file serve as
   * well: they are never written to the disk and count against no limit.
   */
  static ByteBuffer allocate(int bytes) {
    if (!limitReached) {
      try {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
      } catch (OutOfMemoryError e) {
        limitReached = true;
      }
    }
    try {
      File file = File.createTempFile("jllm", ".weights");
      try (RandomAccessFile f = new RandomAccessFile(file, "rw")) {
        f.setLength(bytes);
        ByteBuffer map = f.getChannel().map(FileChannel.MapMode.PRIVATE, 0, bytes);
        return map.order(ByteOrder.nativeOrder());
      } finally {
        if (!file.delete()) {
          file.deleteOnExit(); // where a mapped file cannot be removed
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no memory for " + bytes + " bytes of weights", e);
    }
  }

  /** The next {@code bytes} of {@code memory}, which moves on. */
  static ByteBuffer slice(ByteBuffer memory, int bytes) {
    Buffer b = memory;
    b.limit(b.position() + bytes);
    ByteBuffer part = memory.slice().order(ByteOrder.nativeOrder());
    b.position(b.limit());
    return part;
  }
}
