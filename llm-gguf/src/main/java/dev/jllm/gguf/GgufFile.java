package dev.jllm.gguf;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An open GGUF file: metadata, tensor table, and mapped tensor data. */
public final class GgufFile implements Closeable {
  private final FileChannel channel;
  private final GgufMetadata metadata;
  private final Map<String, TensorInfo> tensors;

  private GgufFile(FileChannel channel, GgufMetadata metadata, Map<String, TensorInfo> tensors) {
    this.channel = channel;
    this.metadata = metadata;
    this.tensors = tensors;
  }

  /** Opens the file at {@code path}. */
  public static GgufFile open(Path path) {
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      ByteBuffer in =
          channel
              .map(
                  FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE - 8))
              .order(ByteOrder.LITTLE_ENDIAN);
      in.getInt();
      in.getInt();
      long tensorCount = in.getLong();
      long entryCount = in.getLong();
      Map<String, Object> entries = new LinkedHashMap<>();
      for (long i = 0; i < entryCount; i++) {
        String key = string(in);
        entries.put(key, value(in, in.getInt()));
      }
      GgufMetadata metadata = new GgufMetadata(entries);
      int alignment = metadata.integer("general.alignment", 32);
      Map<String, TensorInfo> raw = new LinkedHashMap<>();
      for (long i = 0; i < tensorCount; i++) {
        String name = string(in);
        long[] shape = new long[in.getInt()];
        for (int d = 0; d < shape.length; d++) {
          shape[d] = in.getLong();
        }
        GgmlType type = null;
        int id = in.getInt();
        for (GgmlType t : GgmlType.values()) {
          if (t.id() == id) {
            type = t;
          }
        }
        if (type == null) {
          throw new ModelFormatException("tensor '" + name + "' has the unknown type " + id);
        }
        raw.put(name, new TensorInfo(name, type, shape, 0, in.getLong()));
      }
      long start = (in.position() + alignment - 1) / alignment * alignment;
      raw.replaceAll(
          (n, t) -> new TensorInfo(n, t.type(), t.shape(), t.shard(), start + t.offset()));
      return new GgufFile(channel, metadata, Collections.unmodifiableMap(raw));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String string(ByteBuffer in) {
    byte[] b = new byte[(int) in.getLong()];
    in.get(b);
    return new String(b, StandardCharsets.UTF_8);
  }

  private static Object value(ByteBuffer in, int type) {
    switch (type) {
      case 0:
      case 1:
        return in.get();
      case 2:
      case 3:
        return in.getShort();
      case 4:
      case 5:
        return in.getInt();
      case 6:
        return in.getFloat();
      case 7:
        return in.get() != 0;
      case 8:
        return string(in);
      case 9:
        return array(in, in.getInt(), (int) in.getLong());
      case 10:
      case 11:
        return in.getLong();
      case 12:
        return in.getDouble();
      default:
        throw new ModelFormatException("unknown metadata type " + type);
    }
  }

  private static Object array(ByteBuffer in, int type, int n) {
    Object a =
        switch (type) {
          case 0, 1 -> new byte[n];
          case 2, 3 -> new short[n];
          case 4, 5 -> new int[n];
          case 6 -> new float[n];
          case 7 -> new boolean[n];
          case 8 -> new String[n];
          case 10, 11 -> new long[n];
          case 12 -> new double[n];
          default -> new Object[n];
        };
    for (int i = 0; i < n; i++) {
      java.lang.reflect.Array.set(a, i, value(in, type));
    }
    return a;
  }

  /** The key/value entries. */
  public GgufMetadata metadata() {
    return metadata;
  }

  /** The tensor table by name, in file order. */
  public Map<String, TensorInfo> tensors() {
    return tensors;
  }

  /**
   * Maps a part of a tensor's data, read-only, in the byte order of the file.
   *
   * @param from first byte, relative to the tensor's data
   * @param length number of bytes, below 2 GiB
   */
  public ByteBuffer map(TensorInfo tensor, long from, int length) {
    try {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, tensor.offset() + from, length)
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
