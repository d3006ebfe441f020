package dev.jllm.samples.cli;

import dev.jllm.core.quant.BlockFormat;
import dev.jllm.core.quant.BlockFormats;
import dev.jllm.gguf.GgmlType;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.GgufMetadata;
import dev.jllm.gguf.GgufValue;
import dev.jllm.gguf.GgufWriter;
import dev.jllm.gguf.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code jllm quantize}: a whole file in another format. */
@Command(
    name = "quantize",
    description = "Writes a model in another format (a split one as one file).")
final class QuantizeCommand implements Callable<Integer> {
  private static final int VALUES_AT_ONCE = 1 << 22;

  @Parameters(index = "0", paramLabel = "IN", description = "A GGUF file.")
  Path in = Path.of("");

  @Parameters(index = "1", paramLabel = "OUT", description = "The GGUF file to write.")
  Path out = Path.of("");

  @Parameters(
      index = "2",
      paramLabel = "TYPE",
      converter = MixConverter.class,
      description =
          "One of F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_K_M, Q4_K_S, IQ4_NL,"
              + " IQ4_XS, Q4_1, Q4_0, MXFP4_MOE, Q3_K_L, Q3_K_M, Q3_K_S, Q2_K, TQ2_0, TQ1_0;"
              + " _M is what K alone means.")
  QuantizeMix mix = QuantizeMix.F32;

  @Option(
      names = "--pure",
      description = "Gives every matrix the one format, also the output and embeddings.")
  boolean pure;

  @Option(
      names = "--allow-requantize",
      description = "Accepts a file that is quantised already, at a loss.")
  boolean requantise;

  /** Names in any case; {@code Q4_K} means {@code Q4_K_M}. */
  static final class MixConverter implements ITypeConverter<QuantizeMix> {
    @Override
    public QuantizeMix convert(String value) {
      String name = value.toUpperCase(Locale.ROOT);
      for (QuantizeMix mix : QuantizeMix.values()) {
        if (mix.name().equals(name) || mix.name().equals(name + "_M")) {
          return mix;
        }
      }
      throw new TypeConversionException(
          "'"
              + value
              + "' is no type that can be written; choose one of "
              + java.util.Arrays.toString(QuantizeMix.values()));
    }
  }

  @Override
  public Integer call() throws IOException {
    if (Files.exists(out) && Files.isSameFile(in, out)) {
      throw new IllegalArgumentException(out + " is read and cannot be written; name another OUT");
    }
    try (GgufFile file = GgufFile.open(in);
        ProgressBar bar = new ProgressBar("quantize")) {
      Map<String, GgmlType> types = mix.choose(file.tensors(), file.metadata(), pure);
      GgufWriter writer = new GgufWriter().putAll(metadata(file));
      writer.putCount("general.quantization_version", 2);
      writer.putCount("general.file_type", mix.fileType);
      long[] done = new long[1];
      long total = file.tensors().values().stream().mapToLong(TensorInfo::bytes).sum();
      for (TensorInfo t : file.tensors().values()) {
        GgmlType type = types.getOrDefault(t.name(), t.type());
        if (type != t.type()) {
          check(t);
        }
        writer.tensor(
            t.name(),
            type,
            sink -> {
              bar.show((double) done[0] / total, t.name());
              convert(file, t, type, sink);
              done[0] += t.bytes();
            },
            t.shape());
      }
      writer.write(out);
      bar.show(1);
      System.err.printf(
          Locale.ROOT,
          "%s: %.1f MB, from %.1f MB%n",
          out,
          Files.size(out) / 1e6,
          file.bytes() / 1e6);
    }
    return 0;
  }

  private static GgufMetadata metadata(GgufFile file) {
    Map<String, GgufValue> values = new LinkedHashMap<>(file.metadata().values());
    values.keySet().removeIf(key -> key.startsWith("split."));
    return GgufMetadata.of(values);
  }

  private void check(TensorInfo t) {
    if (t.type().blockSize() > 1 && !requantise) {
      throw new IllegalArgumentException(
          in
              + ": tensor '"
              + t.name()
              + "' is quantised already ("
              + t.type()
              + "), and quantising it again costs precision; start from an F32, F16 or BF16 file, or"
              + " add --allow-requantize");
    }
  }

  private static void convert(GgufFile file, TensorInfo t, GgmlType type, GgufWriter.Sink sink)
      throws IOException {
    int columns = Math.toIntExact(t.dimension(0));
    long rows = t.values() / columns;
    int atOnce = Math.max(1, VALUES_AT_ONCE / columns);
    int rowBytes = Math.toIntExact(t.type().bytes(columns));
    for (long row = 0; row < rows; row += atOnce) {
      int n = (int) Math.min(atOnce, rows - row);
      ByteBuffer source = file.map(t, row * rowBytes, n * rowBytes);
      sink.accept(type == t.type() ? source : rows(t, source, n, columns, type));
    }
  }

  private static ByteBuffer rows(
      TensorInfo t, ByteBuffer source, int rows, int columns, GgmlType type) {
    int sourceBytes = (int) t.type().bytes(columns);
    int targetBytes = Math.toIntExact(type.bytes(columns));
    BlockFormat from = BlockFormats.of(t.type());
    BlockFormat to = BlockFormats.of(type);
    ByteBuffer target =
        ByteBuffer.allocate(Math.multiplyExact(rows, targetBytes)).order(ByteOrder.LITTLE_ENDIAN);
    IntStream.range(0, rows)
        .parallel()
        .forEach(
            row -> {
              float[] values = new float[columns];
              from.dequantize(source, row * sourceBytes, values, 0, columns);
              for (float value : values) {
                if (Float.isNaN(value) || Float.isInfinite(value)) {
                  throw new IllegalArgumentException(
                      "tensor '" + t.name() + "' holds " + value + " and cannot be quantised");
                }
              }
              to.quantize(values, 0, target, row * targetBytes, columns);
            });
    return target;
  }
}
