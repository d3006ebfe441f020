package dev.jllm.core.kernel;

import dev.jllm.core.quant.BlockFormat;
import dev.jllm.core.quant.BlockFormats;
import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** Readers of all block formats that work anywhere, one value at a time. */
public final class RowReaders {
  private RowReaders() {}

  /** A reader of rows of {@code columns} values in {@code data}, which is little-endian. */
  public static RowReader of(GgmlType type, ByteBuffer data, int columns) {
    BlockFormat format = BlockFormats.of(type);
    int rowBytes = Math.toIntExact(type.bytes(columns));
    int size = type.blockSize();
    int bytes = type.blockBytes();
    return (row, from, count, target, offset) ->
        format.dequantize(data, row * rowBytes + from / size * bytes, target, offset, count);
  }
}
