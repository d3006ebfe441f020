package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One format of tensor data: a row of values is a sequence of blocks of {@code type().blockSize()}
 * values and {@code type().blockBytes()} bytes each. Stateless; any thread may use it. Buffers are
 * little-endian and addressed absolutely: positions and limits of mapped views never change.
 */
public abstract class BlockFormat {
  private final GgmlType type;

  BlockFormat(GgmlType type) {
    this.type = type;
  }

  /** The format. */
  public final GgmlType type() {
    return type;
  }

  /**
   * Writes {@code count} values to {@code target[targetOffset …]}, beginning with the first value
   * of the block at {@code sourceOffset}. Allocates nothing when {@code count} is a multiple of the
   * block size; otherwise the last block is decoded beside and cut off.
   *
   * @param source little-endian blocks
   * @param sourceOffset byte offset of the first block in {@code source}
   */
  public final void dequantize(
      ByteBuffer source, int sourceOffset, float[] target, int targetOffset, int count) {
    checkOrder(source);
    int size = type.blockSize();
    int whole = count / size;
    decode(source, sourceOffset, target, targetOffset, whole);
    int rest = count - whole * size;
    if (rest > 0) {
      float[] block = new float[size];
      decode(source, sourceOffset + whole * type.blockBytes(), block, 0, 1);
      System.arraycopy(block, 0, target, targetOffset + whole * size, rest);
    }
  }

  /**
   * The dot product of {@code count} values with {@code x[xOffset …]}, summed in double precision:
   * the yardstick of the fast kernels, not one of them.
   */
  public final double dot(ByteBuffer source, int sourceOffset, float[] x, int xOffset, int count) {
    float[] values = new float[count];
    dequantize(source, sourceOffset, values, 0, count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (double) values[i] * x[xOffset + i];
    }
    return sum;
  }

  /** Whether {@link #quantize} is offered. */
  public boolean quantizes() {
    return false;
  }

  /**
   * Writes {@code count} finite floats as blocks.
   *
   * @param count a multiple of the block size
   * @param target little-endian
   * @throws UnsupportedOperationException if the format is one that this library only reads
   */
  public final void quantize(
      float[] source, int sourceOffset, ByteBuffer target, int targetOffset, int count) {
    checkOrder(target);
    if (!quantizes()) {
      throw new UnsupportedOperationException(
          type + " can be read but not written; choose one of " + BlockFormats.writable());
    }
    if (count % type.blockSize() != 0) {
      throw new IllegalArgumentException(
          count + " values do not fill blocks of " + type.blockSize() + " (" + type + ")");
    }
    encode(source, sourceOffset, target, targetOffset, count / type.blockSize());
  }

  /** Decodes whole blocks. */
  abstract void decode(ByteBuffer in, int at, float[] out, int to, int blocks);

  /** Encodes whole blocks; only called where {@link #quantizes()}. */
  void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
    throw new AssertionError(type);
  }

  static float half(ByteBuffer in, int at) {
    return HalfFloat.toFloat(in.getShort(at));
  }

  private static void checkOrder(ByteBuffer buffer) {
    if (buffer.order() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalArgumentException(
          "blocks are little-endian, this buffer is not: call order(ByteOrder.LITTLE_ENDIAN)");
    }
  }
}
