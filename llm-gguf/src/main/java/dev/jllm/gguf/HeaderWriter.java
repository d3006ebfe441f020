package dev.jllm.gguf;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Writes the parts of a header and counts the bytes. */
final class HeaderWriter {
  private final WritableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private long position;

  HeaderWriter(WritableByteChannel channel, ByteOrder order) {
    this.channel = channel;
    buffer.order(order);
  }

  /** Bytes written so far. */
  long position() {
    return position;
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    position += bytes;
    return buffer;
  }

  void int8(int value) throws IOException {
    room(1).put((byte) value);
  }

  void int16(int value) throws IOException {
    room(2).putShort((short) value);
  }

  void int32(int value) throws IOException {
    room(4).putInt(value);
  }

  void int64(long value) throws IOException {
    room(8).putLong(value);
  }

  void bytes(byte[] bytes) throws IOException {
    for (int i = 0; i < bytes.length; ) {
      int n = Math.min(bytes.length - i, buffer.capacity());
      room(n).put(bytes, i, n);
      i += n;
    }
  }

  void string(String value) throws IOException {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    int64(bytes.length);
    bytes(bytes);
  }

  /** Zeros up to a multiple of {@code alignment}. */
  void pad(int alignment) throws IOException {
    while (position % alignment != 0) {
      int8(0);
    }
  }

  /** Tensor data, as they are. */
  void data(ByteBuffer data) throws IOException {
    flush();
    position += data.remaining();
    writeAll(data);
  }

  void flush() throws IOException {
    ((Buffer) buffer).flip();
    writeAll(buffer);
    ((Buffer) buffer).clear();
  }

  private void writeAll(ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      channel.write(data);
    }
  }

  void value(GgufValue v) throws IOException {
    int32(v.type().id());
    content(v);
  }

  private void content(GgufValue v) throws IOException {
    Object value = v.value();
    switch (v.type()) {
      case UINT8, INT8 -> int8((Byte) value);
      case UINT16, INT16 -> int16((Short) value);
      case UINT32, INT32 -> int32((Integer) value);
      case UINT64, INT64 -> int64((Long) value);
      case FLOAT32 -> int32(Float.floatToRawIntBits((Float) value));
      case FLOAT64 -> int64(Double.doubleToRawLongBits((Double) value));
      case BOOL -> int8((Boolean) value ? 1 : 0);
      case STRING -> string((String) value);
      case ARRAY -> array(v);
    }
  }

  private void array(GgufValue v) throws IOException {
    GgufValueType element = v.elementType();
    if (element == null) {
      throw new IllegalStateException();
    }
    int32(element.id());
    int64(v.length());
    if (v.value() instanceof byte[] a) {
      bytes(a);
    } else if (v.value() instanceof short[] a) {
      for (short x : a) {
        int16(x);
      }
    } else if (v.value() instanceof int[] a) {
      for (int x : a) {
        int32(x);
      }
    } else if (v.value() instanceof long[] a) {
      for (long x : a) {
        int64(x);
      }
    } else if (v.value() instanceof float[] a) {
      for (float x : a) {
        int32(Float.floatToRawIntBits(x));
      }
    } else if (v.value() instanceof double[] a) {
      for (double x : a) {
        int64(Double.doubleToRawLongBits(x));
      }
    } else if (v.value() instanceof boolean[] a) {
      for (boolean x : a) {
        int8(x ? 1 : 0);
      }
    } else if (v.value() instanceof GgufStrings a) {
      for (int i = 0; i < a.size(); i++) {
        byte[] bytes = a.bytes(i);
        int64(bytes.length);
        bytes(bytes);
      }
    } else if (v.value() instanceof GgufValue[] a) {
      for (GgufValue x : a) {
        array(x);
      }
    }
  }
}
