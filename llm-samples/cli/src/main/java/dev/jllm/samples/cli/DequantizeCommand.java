package dev.jllm.samples.cli;

import dev.jllm.core.quant.BlockFormat;
import dev.jllm.core.quant.BlockFormats;
import dev.jllm.gguf.GgmlType;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jllm dequantize}: raw blocks to raw floats. */
@Command(
    name = "dequantize",
    description = "Turns a file of blocks of one format into little-endian 32-bit floats.")
final class DequantizeCommand implements Callable<Integer> {
  private static final int CHUNK = 1 << 20;

  @Option(
      names = "--type",
      required = true,
      description = "The format: ${COMPLETION-CANDIDATES}.",
      paramLabel = "TYPE")
  GgmlType type = GgmlType.F32;

  @Option(names = "--in", required = true, paramLabel = "FILE", description = "The blocks.")
  Path in = Path.of("");

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The floats.")
  Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    BlockFormat format = BlockFormats.of(type);
    long length = Files.size(in);
    if (length % type.blockBytes() != 0) {
      throw new IllegalArgumentException(
          in
              + " has "
              + length
              + " bytes, which are no whole blocks of "
              + type.blockBytes()
              + " ("
              + type
              + "); give the format that the file is of");
    }
    int blocks = Math.max(1, CHUNK / type.blockBytes());
    byte[] bytes = new byte[blocks * type.blockBytes()];
    ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[blocks * type.blockSize()];
    ByteBuffer target = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    try (InputStream from = new BufferedInputStream(Files.newInputStream(in));
        OutputStream to = new BufferedOutputStream(Files.newOutputStream(out))) {
      for (int n = from.readNBytes(bytes, 0, bytes.length);
          n > 0;
          n = from.readNBytes(bytes, 0, bytes.length)) {
        int count = n / type.blockBytes() * type.blockSize();
        format.dequantize(source, 0, values, 0, count);
        target.asFloatBuffer().put(values, 0, count);
        to.write(target.array(), 0, 4 * count);
      }
    }
    return 0;
  }
}
