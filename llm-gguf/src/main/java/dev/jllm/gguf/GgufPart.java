package dev.jllm.gguf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one file holds: the whole model, or one shard of it.
 *
 * @param name how messages call the file
 * @param path the file, if it was opened by its path
 * @param modified when it was last written to, as far as it is known
 * @param length bytes of the file
 * @param version version of the format, 2 or 3
 * @param tensors entries in file order, offsets counted from the beginning of the file
 * @param windows the mapped tensor data
 */
record GgufPart(
    String name,
    @Nullable Path path,
    @Nullable FileTime modified,
    long length,
    int version,
    ByteOrder order,
    GgufMetadata metadata,
    List<TensorInfo> tensors,
    Windows windows) {
  private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;

  /** Reads the header of a file and maps its data; the channel is not needed afterwards. */
  static GgufPart read(
      FileChannel channel,
      long base,
      long length,
      String name,
      @Nullable Path path,
      int shard,
      long window)
      throws IOException {
    HeaderReader in = new HeaderReader(channel, base, length, name);
    in.order(ByteOrder.LITTLE_ENDIAN);
    FileTime modified = path == null ? null : Files.getLastModifiedTime(path);
    int magic = in.int32();
    if (magic != MAGIC) {
      throw in.broken(
          0,
          "no GGUF file: it begins with the bytes "
              + hex(magic)
              + " and not with 47 47 55 46 (\"GGUF\"); give a model in GGUF format");
    }
    int version = in.int32();
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    // The version is a small number, so its bytes tell their order.
    if ((version & 0xffff) == 0) {
      order = ByteOrder.BIG_ENDIAN;
      version = Integer.reverseBytes(version);
    }
    in.order(order);
    checkVersion(in, version);
    long tensorCount = in.int64();
    long entryCount = in.int64();
    GgufMetadata metadata = new MetadataReader(in).read(entryCount);
    in.enter("metadata entry 'general.alignment'");
    long alignment = metadata.longInteger("general.alignment", 32);
    if (alignment < 1 || alignment > 1 << 30 || Long.bitCount(alignment) != 1) {
      throw in.broken("the alignment is " + alignment + ", but must be a power of two");
    }
    in.enter("tensor table");
    List<TensorInfo> tensors =
        new TensorTable(in, length, shard).read(tensorCount, (int) alignment);
    Shards.count(metadata); // Fails before anything is mapped.
    Windows windows = Windows.map(channel, base, tensors, window);
    return new GgufPart(name, path, modified, length, version, order, metadata, tensors, windows);
  }

  /**
   * Reads bytes of the file from {@code at} on; false if it cannot be done, or if the path may lead
   * to another file by now.
   */
  boolean read(long at, byte[] target, int count) {
    if (path == null) {
      return false;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      if (file.length() != length || !Files.getLastModifiedTime(path).equals(modified)) {
        return false;
      }
      file.seek(at);
      file.readFully(target, 0, count);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false; // the mapping still has it
    }
  }

  private static void checkVersion(HeaderReader in, int version) {
    if (version == 1) {
      throw in.broken(
          4,
          "version 1 of GGUF, which was in use for a few weeks of 2023 and is not read; get a newer"
              + " conversion of the model");
    }
    if (version != 2 && version != 3) {
      throw in.broken(
          4,
          "version "
              + Integer.toUnsignedString(version)
              + " of GGUF; 2 and 3 are known. The file is damaged or newer than this library");
    }
  }

  private static String hex(int littleEndian) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      int b = littleEndian >> 8 * i & 255;
      s.append(i == 0 ? "" : " ").append(b < 16 ? "0" : "").append(Integer.toHexString(b));
    }
    return s.toString();
  }
}
