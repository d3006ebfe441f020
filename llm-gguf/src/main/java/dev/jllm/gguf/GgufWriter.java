package dev.jllm.gguf;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a GGUF file of version 3: first say what is in it, then {@link #write}. Tensor data are
 * asked for while writing, one tensor after the other, so that a file may be larger than memory.
 *
 * <pre>{@code
 * new GgufWriter()
 *     .put("general.architecture", "llama")
 *     .tensor("output_norm.weight", values, 64)
 *     .write(path);
 * }</pre>
 */
public final class GgufWriter {
  private static final int CHUNK = 1 << 20;

  /** Gives the data of a tensor when it is written. */
  @FunctionalInterface
  public interface Data {
    /** Hands all bytes of the tensor to {@code sink}, in order, in pieces of whole blocks. */
    void writeTo(Sink sink) throws IOException;
  }

  /** Takes the data of a tensor. */
  @FunctionalInterface
  public interface Sink {
    /** Writes the remaining bytes of {@code blocks}, which are little-endian. */
    void accept(ByteBuffer blocks) throws IOException;
  }

  private record Tensor(TensorInfo info, Data data) {}

  private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

  /** A file with nothing in it yet. */
  public GgufWriter() {}

  /** Sets the byte order of the file; the default is little-endian. */
  public GgufWriter order(ByteOrder byteOrder) {
    order = byteOrder;
    return this;
  }

  /**
   * Sets the alignment of tensor data, a power of two; the default is 32. The same as the entry
   * {@code general.alignment}.
   */
  public GgufWriter alignment(int bytes) {
    return put("general.alignment", new GgufValue(GgufValueType.UINT32, null, bytes));
  }

  /** Adds all entries of {@code entries}; those of names that are there already replace them. */
  public GgufWriter putAll(GgufMetadata entries) {
    entries.values().forEach(this::put);
    return this;
  }

  /** Adds or replaces an entry, of the type that {@link GgufValue#of} gives it. */
  public GgufWriter put(String key, Object value) {
    return put(key, value instanceof GgufValue v ? v : GgufValue.of(value));
  }

  /** Adds or replaces an entry. */
  public GgufWriter put(String key, GgufValue value) {
    checkName("key", key);
    metadata.put(key, value);
    return this;
  }

  /** Adds or replaces an unsigned entry of 32 bits, which most counts of a model are. */
  public GgufWriter putCount(String key, int value) {
    return put(key, new GgufValue(GgufValueType.UINT32, null, value));
  }

  /** Adds a tensor of floats, type F32. */
  public GgufWriter tensor(String name, float[] values, long... shape) {
    return tensor(name, GgmlType.F32, sink -> writeFloats(values, sink), shape);
  }

  /** Adds a tensor with the remaining bytes of {@code blocks}, little-endian. */
  public GgufWriter tensor(String name, GgmlType type, ByteBuffer blocks, long... shape) {
    ByteBuffer data = blocks.duplicate();
    return tensor(name, type, sink -> sink.accept(data.duplicate()), shape);
  }

  /** Adds a tensor whose bytes are read from {@code blocks}, little-endian, when it is written. */
  public GgufWriter tensor(String name, GgmlType type, InputStream blocks, long... shape) {
    long length = new TensorInfo(name, type, shape, 0, 0).bytes();
    int chunk = Math.max(1, CHUNK / type.blockBytes()) * type.blockBytes();
    return tensor(
        name,
        type,
        sink -> {
          byte[] bytes = new byte[chunk];
          for (long at = 0; at < length; ) {
            int n = (int) Math.min(chunk, length - at);
            for (int have = 0; have < n; ) {
              int read = blocks.read(bytes, have, n - have);
              if (read < 0) {
                throw new EOFException(
                    "the stream for tensor '" + name + "' ends before its " + length + " bytes");
              }
              have += read;
            }
            sink.accept(ByteBuffer.wrap(bytes, 0, n));
            at += n;
          }
        },
        shape);
  }

  /**
   * Adds a tensor.
   *
   * @param shape dimensions, the innermost (row length) first; at most 4
   */
  public GgufWriter tensor(String name, GgmlType type, Data data, long... shape) {
    checkName("tensor name", name);
    TensorInfo info = new TensorInfo(name, type, shape.clone(), 0, 0);
    long row = shape.length == 0 ? 1 : shape[0];
    boolean positive = true;
    for (long dimension : shape) {
      positive &= dimension > 0;
    }
    if (shape.length > 4 || !positive || row % type.blockSize() != 0) {
      throw new IllegalArgumentException(
          info + ": at most 4 dimensions, all positive, rows a multiple of " + type.blockSize());
    }
    info.bytes(); // overflow
    if (tensors.putIfAbsent(name, new Tensor(info, data)) != null) {
      throw new IllegalArgumentException("tensor '" + name + "' was added before");
    }
    return this;
  }

  private static void checkName(String what, String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > 65535) {
      throw new IllegalArgumentException(
          "a " + what + " of " + bytes + " bytes in UTF-8; 1 to 65535 are possible");
    }
  }

  /**
   * Writes the file. It appears under its name when it is complete; until then it stands beside,
   * with {@code .part} at the end of its name.
   */
  public void write(Path path) throws IOException {
    Path part = path.resolveSibling(path.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        write(channel);
      }
      Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Writes the file to {@code channel}, which stays open. */
  public void write(WritableByteChannel channel) throws IOException {
    int alignment =
        metadata.containsKey("general.alignment")
            ? GgufMetadata.of(metadata).integer("general.alignment", 32)
            : 32;
    if (alignment < 1 || Integer.bitCount(alignment) != 1) {
      throw new IllegalArgumentException(
          "general.alignment is " + alignment + ", but must be a power of two");
    }
    HeaderWriter out = new HeaderWriter(channel, order);
    out.bytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.int32(3);
    out.int64(tensors.size());
    out.int64(metadata.size());
    for (Map.Entry<String, GgufValue> e : metadata.entrySet()) {
      out.string(e.getKey());
      out.value(e.getValue());
    }
    long offset = 0;
    for (Tensor tensor : tensors.values()) {
      TensorInfo info = tensor.info();
      out.string(info.name());
      out.int32(info.shape().length);
      for (long dimension : info.shape()) {
        out.int64(dimension);
      }
      out.int32(info.type().id());
      out.int64(offset);
      offset = (offset + info.bytes() + alignment - 1) / alignment * alignment;
    }
    for (Tensor tensor : tensors.values()) {
      out.pad(alignment);
      writeData(tensor, out);
    }
    out.flush();
  }

  private void writeData(Tensor tensor, HeaderWriter out) throws IOException {
    TensorInfo info = tensor.info();
    if (order == ByteOrder.BIG_ENDIAN && !ByteSwap.knows(info.type())) {
      throw new IllegalArgumentException(
          "there is no agreed big-endian form of " + info.type() + ": " + info);
    }
    long start = out.position();
    tensor.data.writeTo(
        blocks -> {
          if (out.position() - start + blocks.remaining() > info.bytes()) {
            throw new IllegalStateException("more than the " + info.bytes() + " bytes of " + info);
          }
          if (order == ByteOrder.LITTLE_ENDIAN) {
            out.data(blocks);
          } else if (blocks.remaining() % info.type().blockBytes() != 0) {
            throw new IllegalStateException("a piece that is not of whole blocks, for " + info);
          } else {
            out.data(ByteSwap.copy(info.type(), blocks));
          }
        });
    if (out.position() - start != info.bytes()) {
      throw new IllegalStateException(
          (out.position() - start) + " bytes were given for the " + info.bytes() + " of " + info);
    }
  }

  private static void writeFloats(float[] values, Sink sink) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; ) {
      int n = Math.min(values.length - i, CHUNK / 4);
      ((Buffer) chunk).clear();
      chunk.asFloatBuffer().put(values, i, n);
      ((Buffer) chunk).limit(4 * n);
      sink.accept(chunk);
      i += n;
    }
  }
}
