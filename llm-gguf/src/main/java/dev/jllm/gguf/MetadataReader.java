package dev.jllm.gguf;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the key/value entries. */
final class MetadataReader {
  /** Bytes of metadata that are kept at most; the largest vocabularies take about 20 MiB. */
  static final long MOST_BYTES = 256L << 20;

  private static final int MOST_NAME_BYTES = 65535;
  private static final int DEEPEST = 8;

  private final HeaderReader in;
  private long budget = MOST_BYTES;

  MetadataReader(HeaderReader in) {
    this.in = in;
  }

  GgufMetadata read(long count) {
    // A key of at least a byte with its length, a type, a value of at least a byte.
    in.need(count, 8 + 1 + 4 + 1, "metadata entries");
    Map<String, GgufValue> values = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      in.enter("metadata entry " + i + " of " + count);
      long at = in.position();
      String key = name(in, "key");
      in.enter("metadata entry '" + key + "'");
      charge(100 + key.length());
      GgufValue value = value(type(), 0);
      if (values.put(key, value) != null) {
        throw in.broken(at, "this key stands here for the second time; the file is damaged");
      }
    }
    return GgufMetadata.of(values);
  }

  /** A name, which unlike a value must be UTF-8. */
  static String name(HeaderReader in, String what) {
    long at = in.position();
    long length = in.int64();
    if (length < 1 || length > MOST_NAME_BYTES) {
      throw in.broken(
          at,
          "a "
              + what
              + " of "
              + Long.toUnsignedString(length)
              + " bytes (1 to 65535 are possible); the file is damaged");
    }
    in.need(length, 1, "bytes of a " + what);
    byte[] bytes = new byte[(int) length];
    in.bytes(bytes, 0, bytes.length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw in.broken(at, "the " + what + " is no UTF-8; the file is damaged");
    }
  }

  private GgufValueType type() {
    long at = in.position();
    int id = in.int32();
    GgufValueType type = GgufValueType.of(id);
    if (type == null) {
      throw in.broken(
          at,
          "unknown value type "
              + Integer.toUnsignedString(id)
              + " (0 to 12 are known); the file is damaged or newer than this library");
    }
    return type;
  }

  private GgufValue value(GgufValueType type, int depth) {
    return switch (type) {
      case UINT8, INT8 -> new GgufValue(type, null, in.int8());
      case UINT16, INT16 -> new GgufValue(type, null, in.int16());
      case UINT32, INT32 -> new GgufValue(type, null, in.int32());
      case UINT64, INT64 -> new GgufValue(type, null, in.int64());
      case FLOAT32 -> new GgufValue(type, null, in.float32());
      case FLOAT64 -> new GgufValue(type, null, in.float64());
      case BOOL -> new GgufValue(type, null, in.bool());
      case STRING -> new GgufValue(type, null, string());
      case ARRAY -> array(depth);
    };
  }

  private String string() {
    int length = stringLength();
    byte[] bytes = new byte[length];
    in.bytes(bytes, 0, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private int stringLength() {
    long length = in.int64();
    in.need(length, 1, "bytes of a string");
    charge(length);
    return (int) length;
  }

  private GgufValue array(int depth) {
    if (depth == DEEPEST) {
      throw in.broken("arrays within arrays deeper than " + DEEPEST + "; the file is damaged");
    }
    GgufValueType element = type();
    long length = in.int64();
    in.need(length, element.leastBytes(), "elements of an array");
    charge(32 + length * element.leastBytes());
    int n = (int) length;
    return new GgufValue(GgufValueType.ARRAY, element, elements(element, n, depth));
  }

  private Object elements(GgufValueType element, int n, int depth) {
    switch (element) {
      case UINT8, INT8:
        byte[] bytes = new byte[n];
        in.bytes(bytes, 0, n);
        return bytes;
      case UINT16, INT16:
        short[] shorts = new short[n];
        in.shorts(shorts);
        return shorts;
      case UINT32, INT32:
        int[] ints = new int[n];
        in.ints(ints);
        return ints;
      case UINT64, INT64:
        long[] longs = new long[n];
        in.longs(longs);
        return longs;
      case FLOAT32:
        float[] floats = new float[n];
        in.floats(floats);
        return floats;
      case FLOAT64:
        double[] doubles = new double[n];
        in.doubles(doubles);
        return doubles;
      case BOOL:
        boolean[] flags = new boolean[n];
        for (int i = 0; i < n; i++) {
          flags[i] = in.bool();
        }
        return flags;
      case STRING:
        return strings(n);
      case ARRAY:
      default:
        GgufValue[] arrays = new GgufValue[n];
        for (int i = 0; i < n; i++) {
          arrays[i] = array(depth + 1);
        }
        return arrays;
    }
  }

  private GgufStrings strings(int n) {
    int[] ends = new int[n];
    byte[] text = new byte[(int) Math.min(8L * n, in.remaining() - 8L * n)];
    int end = 0;
    for (int i = 0; i < n; i++) {
      int length = stringLength();
      if (length > text.length - end) {
        text = Arrays.copyOf(text, Math.max(end + length, text.length + text.length / 2));
      }
      in.bytes(text, end, end + length);
      end += length;
      ends[i] = end;
    }
    return new GgufStrings(end == text.length ? text : Arrays.copyOf(text, end), ends);
  }

  private void charge(long bytes) {
    budget -= bytes;
    if (budget < 0) {
      throw in.broken(
          "the metadata take more than "
              + (MOST_BYTES >> 20)
              + " MiB, ten times what the largest models need; the file is damaged or malicious");
    }
  }
}
