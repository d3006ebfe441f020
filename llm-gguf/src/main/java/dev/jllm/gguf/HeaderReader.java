package dev.jllm.gguf;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Reads the beginning of a file front to back, without mapping it, and knows where it is. Nothing
 * is read or allocated before the file was seen to be long enough for it.
 */
final class HeaderReader {
  private final FileChannel channel;
  private final long base;
  private final long length;
  private final String file;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private long position;
  private String entry = "header";

  /** Reads {@code length} bytes of {@code channel} from {@code base} on. */
  HeaderReader(FileChannel channel, long base, long length, String file) {
    this.channel = channel;
    this.base = base;
    this.length = length;
    this.file = file;
    clear();
  }

  private void clear() {
    // As Buffer: the methods that return ByteBuffer are younger than API level 26 of Android.
    ((Buffer) buffer).limit(0);
  }

  /** What error messages name as the place. */
  void enter(String name) {
    entry = name;
  }

  void order(ByteOrder order) {
    buffer.order(order);
  }

  /** Offset of the next byte from the beginning of the file. */
  long position() {
    return position;
  }

  long remaining() {
    return length - position;
  }

  /** The exception for something wrong just before here. */
  ModelFormatException broken(String problem) {
    return broken(position, problem);
  }

  ModelFormatException broken(long at, String problem) {
    return new ModelFormatException(file + ": " + entry + ", byte " + at + ": " + problem);
  }

  /** Fails unless {@code count} pieces of {@code size} bytes each are left. */
  void need(long count, int size, String what) {
    if (count < 0 || count > remaining() / size) {
      throw broken(
          Long.toUnsignedString(count)
              + " "
              + what
              + " cannot stand in the "
              + remaining()
              + " bytes left; the file is damaged or incomplete, get it again");
    }
  }

  private void fill(int bytes) {
    if (buffer.remaining() >= bytes) {
      return;
    }
    if (remaining() < bytes) {
      throw broken("the file ends here; it is incomplete, get it again");
    }
    long next = base + position + buffer.remaining();
    buffer.compact();
    ((Buffer) buffer).limit((int) Math.min(buffer.capacity(), remaining()));
    try {
      while (buffer.position() < bytes) {
        int n = channel.read(buffer, next);
        if (n <= 0) {
          throw broken("the file became shorter while it was read; load it when it is complete");
        }
        next += n;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    } finally {
      ((Buffer) buffer).flip();
    }
  }

  byte int8() {
    fill(1);
    position++;
    return buffer.get();
  }

  short int16() {
    fill(2);
    position += 2;
    return buffer.getShort();
  }

  int int32() {
    fill(4);
    position += 4;
    return buffer.getInt();
  }

  long int64() {
    fill(8);
    position += 8;
    return buffer.getLong();
  }

  float float32() {
    return Float.intBitsToFloat(int32());
  }

  double float64() {
    return Double.longBitsToDouble(int64());
  }

  boolean bool() {
    byte b = int8();
    if (b != 0 && b != 1) {
      throw broken(position - 1, "a truth value is 0 or 1, not " + (b & 255));
    }
    return b == 1;
  }

  /** Fills {@code target} from {@code from} to {@code to}; the caller asked {@link #need}. */
  void bytes(byte[] target, int from, int to) {
    for (int i = from; i < to; ) {
      fill(1);
      int n = Math.min(to - i, buffer.remaining());
      buffer.get(target, i, n);
      position += n;
      i += n;
    }
  }

  void shorts(short[] target) {
    for (int i = 0; i < target.length; ) {
      fill(2);
      int n = Math.min(target.length - i, buffer.remaining() / 2);
      buffer.asShortBuffer().get(target, i, n);
      i += skip(n, 2);
    }
  }

  void ints(int[] target) {
    for (int i = 0; i < target.length; ) {
      fill(4);
      int n = Math.min(target.length - i, buffer.remaining() / 4);
      buffer.asIntBuffer().get(target, i, n);
      i += skip(n, 4);
    }
  }

  void longs(long[] target) {
    for (int i = 0; i < target.length; ) {
      fill(8);
      int n = Math.min(target.length - i, buffer.remaining() / 8);
      buffer.asLongBuffer().get(target, i, n);
      i += skip(n, 8);
    }
  }

  void floats(float[] target) {
    for (int i = 0; i < target.length; ) {
      fill(4);
      int n = Math.min(target.length - i, buffer.remaining() / 4);
      buffer.asFloatBuffer().get(target, i, n);
      i += skip(n, 4);
    }
  }

  void doubles(double[] target) {
    for (int i = 0; i < target.length; ) {
      fill(8);
      int n = Math.min(target.length - i, buffer.remaining() / 8);
      buffer.asDoubleBuffer().get(target, i, n);
      i += skip(n, 8);
    }
  }

  private int skip(int count, int size) {
    ((Buffer) buffer).position(buffer.position() + count * size);
    position += (long) count * size;
    return count;
  }
}
