package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.api.LlmException;
import dev.jllm.core.arch.Hyper;
import dev.jllm.core.arch.ModelSpec;
import dev.jllm.core.arch.families.Architectures;
import dev.jllm.gguf.GgmlType;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.GgufStrings;
import dev.jllm.gguf.GgufValue;
import dev.jllm.gguf.ModelFormatException;
import dev.jllm.gguf.TensorInfo;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jllm inspect}: what a file holds. */
@Command(name = "inspect", description = "Shows metadata, tensors and memory needs of a file.")
final class InspectCommand implements Callable<Integer> {
  private static final int SHOWN_ELEMENTS = 8;
  private static final int SHOWN_CHARACTERS = 120;

  @Parameters(paramLabel = "FILE", description = "A GGUF file, or any shard of a split one.")
  Path path = Path.of("");

  @Option(names = "--json", description = "Prints one JSON object.")
  boolean json;

  @Option(names = "--all", description = "Shows long arrays and texts in full.")
  boolean all;

  @Override
  public Integer call() {
    try (GgufFile file = GgufFile.open(path);
        PrintWriter out =
            new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), false)) {
      if (json) {
        out.println(toJson(file).toPrettyString());
      } else {
        print(file, out);
      }
      out.flush();
    }
    return 0;
  }

  private void print(GgufFile file, PrintWriter out) {
    out.println(path);
    out.println(
        "  GGUF version "
            + file.version()
            + ", "
            + order(file)
            + ", "
            + size(file.bytes())
            + (file.shards() > 1 ? " in " + file.shards() + " files" : ""));
    out.println();
    out.println("Metadata (" + file.metadata().values().size() + ")");
    file.metadata().values().forEach((key, v) -> out.println("  " + key + " = " + text(v)));
    out.println();
    out.println("Tensors (" + file.tensors().size() + ")");
    int width = file.tensors().keySet().stream().mapToInt(String::length).max().orElse(0);
    for (TensorInfo t : file.tensors().values()) {
      out.println(
          "  "
              + t.name()
              + " ".repeat(width - t.name().length() + 2)
              + pad(t.type().toString(), 8)
              + pad(shape(t), 24)
              + size(t.bytes()));
    }
    out.println();
    out.println("Formats");
    long values = file.tensors().values().stream().mapToLong(TensorInfo::values).sum();
    types(file)
        .forEach(
            (type, sum) ->
                out.println(
                    "  "
                        + pad(type.toString(), 8)
                        + pad(sum[0] + " tensors", 14)
                        + pad(sum[1] + " values", 22)
                        + size(sum[2])));
    out.println();
    out.println("Model");
    describe(file).lines().forEach(line -> out.println("  " + line));
    out.println();
    MemoryEstimate memory = MemoryEstimate.of(file);
    out.println("Memory (estimated)");
    out.println("  weights    " + size(memory.weights()) + ", " + bits(memory.weights(), values));
    if (memory.cachePerToken() > 0) {
      out.println(
          "  cache      "
              + size(memory.cachePerToken())
              + " a token in F16, "
              + size(memory.cachePerToken() * memory.context())
              + " for the whole context of "
              + memory.context());
    }
  }

  /** What the file resolves to: in words, then layer by layer; or why it does not. */
  private static String describe(GgufFile file) {
    try {
      return Architectures.spec(new Hyper(file.metadata(), file.tensors(), 0)).describe();
    } catch (LlmException | ModelFormatException e) {
      return "cannot be run: " + e.getMessage();
    }
  }

  private static String bits(long bytes, long values) {
    return values == 0
        ? "no values"
        : String.format(Locale.ROOT, "%.2f bits a weight", 8.0 * bytes / values);
  }

  private static String order(GgufFile file) {
    return file.byteOrder().toString().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String pad(String s, int width) {
    return s + " ".repeat(Math.max(1, width - s.length()));
  }

  private static String shape(TensorInfo t) {
    return Arrays.stream(t.shape()).mapToObj(Long::toString).collect(Collectors.joining(" x "));
  }

  static String size(long bytes) {
    return bytes < 10_000
        ? bytes + " B"
        : bytes < 10_000_000
            ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
            : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private static Map<GgmlType, long[]> types(GgufFile file) {
    Map<GgmlType, long[]> sums = new EnumMap<>(GgmlType.class);
    for (TensorInfo t : file.tensors().values()) {
      long[] sum = sums.computeIfAbsent(t.type(), k -> new long[3]);
      sum[0]++;
      sum[1] += t.values();
      sum[2] += t.bytes();
    }
    return sums;
  }

  private String text(GgufValue v) {
    if (v.elementType() == null) {
      String s = scalar(v).toString();
      boolean cut = !all && s.length() > SHOWN_CHARACTERS;
      return oneLine(cut ? s.substring(0, SHOWN_CHARACTERS) : s)
          + (cut ? "… (" + s.length() + " characters)" : "");
    }
    StringBuilder s = new StringBuilder("[");
    int shown = all ? v.length() : Math.min(v.length(), SHOWN_ELEMENTS);
    for (int i = 0; i < shown; i++) {
      s.append(i == 0 ? "" : ", ").append(oneLine(element(v, i).toString()));
    }
    if (shown < v.length()) {
      s.append(", … (").append(v.length()).append(" of ").append(v.elementType()).append(')');
    }
    return s.append(']').toString();
  }

  private static String oneLine(String s) {
    return s.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static Object scalar(GgufValue v) {
    return unsigned(v.type().name(), v.value());
  }

  private Object element(GgufValue v, int i) {
    if (v.value() instanceof GgufStrings strings) {
      return strings.get(i);
    }
    Object e = Array.get(v.value(), i);
    return e instanceof GgufValue nested
        ? text(nested)
        : unsigned(String.valueOf(v.elementType()), e);
  }

  private static Object unsigned(String type, Object value) {
    return switch (type) {
      case "UINT8" -> Byte.toUnsignedInt((Byte) value);
      case "UINT16" -> Short.toUnsignedInt((Short) value);
      case "UINT32" -> Integer.toUnsignedLong((Integer) value);
      case "UINT64" -> new java.math.BigInteger(Long.toUnsignedString((Long) value));
      default -> value;
    };
  }

  private ObjectNode toJson(GgufFile file) {
    ObjectNode root = JsonLines.MAPPER.createObjectNode();
    root.put("file", path.toString());
    root.put("version", file.version());
    root.put("byte_order", order(file));
    root.put("shards", file.shards());
    root.put("bytes", file.bytes());
    ObjectNode metadata = root.putObject("metadata");
    file.metadata().values().forEach((key, v) -> put(metadata.putObject(key), v));
    ArrayNode tensors = root.putArray("tensors");
    for (TensorInfo t : file.tensors().values()) {
      ObjectNode node = tensors.addObject();
      node.put("name", t.name());
      node.put("type", t.type().toString());
      ArrayNode shape = node.putArray("shape");
      Arrays.stream(t.shape()).forEach(shape::add);
      node.put("bytes", t.bytes());
    }
    ObjectNode formats = root.putObject("formats");
    types(file)
        .forEach(
            (type, sum) ->
                formats
                    .putObject(type.toString())
                    .put("tensors", sum[0])
                    .put("values", sum[1])
                    .put("bytes", sum[2]));
    describe(file, root.putObject("model"));
    MemoryEstimate memory = MemoryEstimate.of(file);
    root.putObject("memory")
        .put("weights", memory.weights())
        .put("cache_per_token_f16", memory.cachePerToken())
        .put("context", memory.context());
    return root;
  }

  /** What the file resolves to: {@code {"summary", "layers"}}, or {@code {"error"}}. */
  private static void describe(GgufFile file, ObjectNode node) {
    ModelSpec spec;
    try {
      spec = Architectures.spec(new Hyper(file.metadata(), file.tensors(), 0));
    } catch (LlmException | ModelFormatException e) {
      node.put("error", e.getMessage());
      return;
    }
    node.put("architecture", spec.architecture);
    node.put("summary", spec.summary());
    ArrayNode layers = node.putArray("layers");
    for (ModelSpec.LayerGroup group : spec.table()) {
      layers
          .addObject()
          .put("first", group.first())
          .put("last", group.last())
          .put("mixer", group.mixer())
          .put("ffn", group.ffn())
          .put("parallel", group.parallel())
          .put("post_norms", group.postNorms());
    }
  }

  /** {@code {"type", "value"}} or {@code {"type", "of", "length", "first" or "value": [...]}}. */
  private void put(ObjectNode node, GgufValue v) {
    node.put("type", v.type().toString());
    if (v.elementType() == null) {
      node.putPOJO("value", scalar(v));
      return;
    }
    node.put("of", v.elementType().toString());
    node.put("length", v.length());
    boolean complete = all || v.length() <= SHOWN_ELEMENTS;
    ArrayNode elements = node.putArray(complete ? "value" : "first");
    for (int i = 0; i < (complete ? v.length() : SHOWN_ELEMENTS); i++) {
      elements.addPOJO(element(v, i));
    }
  }
}
