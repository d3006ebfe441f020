package dev.jllm.gguf;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An open GGUF file, version 2 or 3: metadata, tensor table, and mapped tensor data. A split model
 * is one file here, opened by the path of any of its shards. Thread-safe.
 *
 * <p><b>Trust.</b> Everything in the header is checked against the length of the file before it is
 * used; a bad file gets a {@link ModelFormatException} that names the entry and the byte. Names
 * must be UTF-8; in string values, bytes that are no UTF-8 are read as U+FFFD.
 *
 * <p><b>Release.</b> The file handles are closed when {@code open} returns; only the mapping stays.
 * {@link #close} forbids new {@link #map} calls. Once it was called and every {@link #retain} was
 * followed by its {@link #release}, the memory is given back and nobody may read a buffer. From JDK
 * 22 on a late reader gets an {@link IllegalStateException}. On older ones it would crash the JVM;
 * there the memory is unmapped at once only if {@code retain} or {@link #closeAndUnmap} was used,
 * which are promises to read nothing afterwards. Without them, or on a JVM without the means
 * (Android), the garbage collector unmaps it when the last buffer is gone.
 *
 * <p><b>A file that changes.</b> The mapping shows the file itself. If it is overwritten, weights
 * change under way; if it is cut short, reading what is gone makes HotSpot throw {@link
 * InternalError} in the reading thread and other JVMs (Android) end the process. Replace a model by
 * moving a new file to its name, which leaves the old one intact for its readers.
 */
public final class GgufFile implements Closeable {
  private final List<GgufPart> parts;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private int holders = 1;
  private boolean counted;
  private boolean closed;

  private GgufFile(List<GgufPart> parts) {
    this.parts = parts;
    for (GgufPart part : parts) {
      for (TensorInfo t : part.tensors()) {
        if (tensors.put(t.name(), t) != null) {
          parts.forEach(p -> p.windows().release(true));
          throw new ModelFormatException(
              part.name()
                  + ": tensor '"
                  + t.name()
                  + "' stands in another file of this model already; the files do not belong"
                  + " together");
        }
      }
    }
  }

  /**
   * Opens the model at {@code path}, with all its shards if it is split.
   *
   * @throws ModelFormatException if it is no sound GGUF file, or a shard is missing
   * @throws UncheckedIOException if it cannot be read
   */
  public static GgufFile open(Path path) {
    return open(path, Windows.LARGEST);
  }

  static GgufFile open(Path path, long window) {
    return new GgufFile(Shards.open(path, window));
  }

  /**
   * Opens the model in {@code length} bytes of {@code channel} from {@code offset} on, such as an
   * asset within an Android package. The channel is not needed after the call and stays open.
   *
   * @throws ModelFormatException if these bytes are no sound GGUF file, or one of several
   * @throws UncheckedIOException if they cannot be read
   */
  public static GgufFile open(FileChannel channel, long offset, long length) {
    try {
      if (offset < 0 || length < 0 || length > channel.size() - offset) {
        throw new IllegalArgumentException(
            length + " bytes from " + offset + " are not within the file of " + channel.size());
      }
      GgufPart part = GgufPart.read(channel, offset, length, "channel", null, 0, Windows.LARGEST);
      if (Shards.count(part.metadata()) > 1) {
        part.windows().release(true);
        throw new ModelFormatException(
            "channel: metadata entry 'split.count': this is one of several files, which can only"
                + " be opened by path; open it so, or merge them into one");
      }
      return new GgufFile(List.of(part));
    } catch (IOException e) {
      throw new UncheckedIOException("the channel cannot be read: " + e.getMessage(), e);
    }
  }

  /** The key/value entries; of a split model, those of the first shard. */
  public GgufMetadata metadata() {
    return parts.get(0).metadata();
  }

  /** The tensor table by name, in file order. */
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Version of the format: 2 or 3. */
  public int version() {
    return parts.get(0).version();
  }

  /** The byte order of the file; the data that {@link #map} returns are little-endian anyway. */
  public ByteOrder byteOrder() {
    return parts.get(0).order();
  }

  /** Number of files: 1, or the shards of a split model. */
  public int shards() {
    return parts.size();
  }

  /** Bytes of all files together. */
  public long bytes() {
    return parts.stream().mapToLong(GgufPart::length).sum();
  }

  /**
   * Returns a part of a tensor's data, read-only and little-endian. Of a little-endian file this is
   * the mapped memory itself. Of a big-endian file it is a copy with the bytes of every number
   * reversed; there, {@code from} and {@code length} must be whole blocks, and formats without an
   * agreed big-endian form are refused.
   *
   * @param from first byte, relative to the tensor's data
   * @param length number of bytes, at most 2047 MiB, and at most 1023 MiB of a tensor beyond that
   * @throws IllegalStateException after {@link #close}
   */
  public ByteBuffer map(TensorInfo tensor, long from, int length) {
    if (from < 0 || length < 0 || length > tensor.bytes() - from) {
      throw new IllegalArgumentException(
          length + " bytes from " + from + " are not within " + tensor.bytes() + " of " + tensor);
    }
    GgufPart part = parts.get(tensor.shard());
    ByteBuffer data;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException(part.name() + " is closed; open it again to read tensors");
      }
      data = part.windows().slice(tensor.offset() + from, length);
    }
    if (data == null) {
      throw new IllegalArgumentException(
          length + " bytes of " + tensor + " at once are too many; map at most 1023 MiB of it");
    }
    return part.order() == ByteOrder.LITTLE_ENDIAN
        ? data
        : swapped(part, tensor, data, from, length);
  }

  /**
   * Copies a part of a tensor's data, little-endian, as {@link #map} gives it. Where the file was
   * opened by its path and still stands there, it is read without touching the mapping, whose pages
   * would stay in the memory of the process.
   *
   * @param from first byte, relative to the tensor's data
   * @param length number of bytes, which go to the beginning of {@code target}; as for {@link #map}
   * @throws IllegalStateException after {@link #close}
   */
  public void read(TensorInfo tensor, long from, byte[] target, int length) {
    ByteBuffer data = map(tensor, from, length); // checks all arguments
    GgufPart part = parts.get(tensor.shard());
    if (part.order() != ByteOrder.LITTLE_ENDIAN
        || !part.read(tensor.offset() + from, target, length)) {
      data.get(target, 0, length);
    }
  }

  private static ByteBuffer swapped(
      GgufPart part, TensorInfo tensor, ByteBuffer data, long from, int length) {
    int block = tensor.type().blockBytes();
    if (from % block != 0 || length % block != 0) {
      throw new IllegalArgumentException(
          "of a big-endian file only whole blocks can be read, of " + block + " bytes: " + tensor);
    }
    if (!ByteSwap.knows(tensor.type())) {
      throw new ModelFormatException(
          part.name()
              + ": tensor '"
              + tensor.name()
              + "': there is no agreed big-endian form of "
              + tensor.type()
              + "; get a little-endian conversion of the model");
    }
    return ByteSwap.copy(tensor.type(), data).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Keeps the mapping alive beyond {@link #close} until a matching {@link #release}. Whoever uses
   * the pair promises to read no mapped buffer after his release.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public synchronized GgufFile retain() {
    if (closed) {
      throw new IllegalStateException(parts.get(0).name() + " is closed and cannot be retained");
    }
    holders++;
    counted = true;
    return this;
  }

  /** Ends a {@link #retain}; the last one after {@link #close} unmaps the file. */
  public synchronized void release() {
    if (holders == (closed ? 0 : 1)) {
      throw new IllegalStateException("release() without retain()");
    }
    drop();
  }

  private void drop() {
    holders--;
    if (holders == 0) {
      parts.forEach(p -> p.windows().release(counted));
    }
  }

  /** Forbids further {@link #map} calls. Buffers handed out are dealt with as the class says. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      drop();
    }
  }

  /**
   * As {@link #close}, with the caller's promise that nobody reads a mapped buffer any more: the
   * memory is unmapped at once, unless others retain the file.
   */
  public synchronized void closeAndUnmap() {
    counted |= !closed;
    close();
  }
}
