package dev.jllm.core.kernel;

import dev.jllm.gguf.GgmlType;
import dev.jllm.gguf.ModelFormatException;
import java.nio.ByteBuffer;

/** Readers of the block formats that work anywhere, one value at a time. */
public final class RowReaders {
  private RowReaders() {}

  /** A reader of rows of {@code columns} values in {@code data}, in the buffer's byte order. */
  public static RowReader of(GgmlType type, ByteBuffer data, int columns) {
    long rowBytes = type.bytes(columns);
    int size = type.blockSize();
    int bytes = type.blockBytes();
    Block block = block(type);
    return (row, from, count, target, offset) -> {
      int at = (int) (row * rowBytes + (long) from / size * bytes);
      for (int i = 0; i < count; i += size, at += bytes) {
        block.read(data, at, target, offset + i);
      }
    };
  }

  @FunctionalInterface
  private interface Block {
    void read(ByteBuffer b, int at, float[] t, int o);
  }

  private static Block block(GgmlType type) {
    switch (type) {
      case F32:
        return (b, at, t, o) -> t[o] = b.getFloat(at);
      case F16:
        return (b, at, t, o) -> t[o] = Half.toFloat(b.getShort(at));
      case BF16:
        return (b, at, t, o) -> t[o] = Float.intBitsToFloat(b.getShort(at) << 16);
      case Q8_0:
        return RowReaders::q8;
      case Q4_0:
        return RowReaders::q4;
      case Q4_K:
        return RowReaders::q4k;
      case Q6_K:
        return RowReaders::q6k;
      default:
        throw new ModelFormatException("weights in format " + type + " cannot be read");
    }
  }

  private static void q8(ByteBuffer b, int at, float[] t, int o) {
    float d = Half.toFloat(b.getShort(at));
    for (int i = 0; i < 32; i++) {
      t[o + i] = d * b.get(at + 2 + i);
    }
  }

  private static void q4(ByteBuffer b, int at, float[] t, int o) {
    float d = Half.toFloat(b.getShort(at));
    for (int i = 0; i < 16; i++) {
      int q = b.get(at + 2 + i);
      t[o + i] = d * ((q & 15) - 8);
      t[o + i + 16] = d * ((q >> 4 & 15) - 8);
    }
  }

  private static void q4k(ByteBuffer b, int at, float[] t, int o) {
    float d = Half.toFloat(b.getShort(at));
    float min = Half.toFloat(b.getShort(at + 2));
    for (int j = 0; j < 8; j++) {
      int sm = KScales.scaleAndMin(b, at + 4, j);
      float ds = d * (sm & 63);
      float m = min * (sm >> 8);
      for (int i = 0; i < 32; i++) {
        int q = b.get(at + 16 + (j >> 1) * 32 + i) >> 4 * (j & 1) & 15;
        t[o + 32 * j + i] = ds * q - m;
      }
    }
  }

  private static void q6k(ByteBuffer b, int at, float[] t, int o) {
    float d = Half.toFloat(b.getShort(at + 208));
    for (int i = 0; i < 256; i++) {
      int h = i >> 7;
      int r = i & 127;
      int low = b.get(at + h * 64 + (r & 63)) >> 4 * (r >> 6) & 15;
      int high = b.get(at + 128 + h * 32 + (r & 31)) >> 2 * (r >> 5) & 3;
      t[o + i] = d * b.get(at + 192 + i / 16) * ((low | high << 4) - 32);
    }
  }
}
