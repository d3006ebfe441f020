package dev.jllm.core.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jllm.core.testing.Reference;
import dev.jllm.gguf.GgmlType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every recorded block of every format decodes to the recorded floats, bit by bit. */
class ReferenceBlocksTest {
  private static Stream<JsonNode> types() throws IOException {
    JsonNode manifest =
        JsonMapper.builder()
            .build()
            .readTree(Reference.path("quants", "manifest.json").toFile())
            .get("types");
    List<JsonNode> types = new ArrayList<>();
    manifest.forEach(types::add);
    return types.stream();
  }

  private static ByteBuffer read(JsonNode type, String file) throws IOException {
    Path path = Reference.path("quants", type.get("files").get(file).asText());
    return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float[] floats(ByteBuffer bytes) {
    float[] floats = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  @TestFactory
  Stream<DynamicTest> layoutIsThatOfTheReference() throws IOException {
    return types()
        .map(
            node ->
                dynamicTest(
                    node.get("type").asText(),
                    () -> {
                      GgmlType type = GgmlType.valueOf(node.get("type").asText());
                      assertEquals(node.get("ggml_type").asInt(), type.id());
                      assertEquals(node.get("block_size").asInt(), type.blockSize());
                      assertEquals(node.get("bytes_per_block").asInt(), type.blockBytes());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> decodesExactly() throws IOException {
    return types()
        .map(
            node ->
                dynamicTest(
                    node.get("type").asText(),
                    () -> {
                      GgmlType type = GgmlType.valueOf(node.get("type").asText());
                      ByteBuffer blocks = read(node, "blocks");
                      float[] expected = floats(read(node, "floats"));
                      float[] actual = new float[expected.length];
                      BlockFormats.of(type).dequantize(blocks, 0, actual, 0, actual.length);
                      for (int i = 0; i < expected.length; i++) {
                        assertEquals(
                            Float.floatToRawIntBits(expected[i]),
                            Float.floatToRawIntBits(actual[i]),
                            () -> "a value of " + type);
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> encodesExactly() throws IOException {
    return types()
        .filter(node -> BlockFormats.of(GgmlType.valueOf(node.get("type").asText())).quantizes())
        .map(
            node ->
                dynamicTest(
                    node.get("type").asText(),
                    () -> {
                      GgmlType type = GgmlType.valueOf(node.get("type").asText());
                      int at = node.get("blocks_byte_offset_of_quantised_part").asInt();
                      ByteBuffer expected = read(node, "blocks");
                      float[] source = floats(read(node, "source"));
                      ByteBuffer actual =
                          ByteBuffer.allocate((int) type.bytes(source.length))
                              .order(ByteOrder.LITTLE_ENDIAN);
                      BlockFormats.of(type).quantize(source, 0, actual, 0, source.length);
                      int differing = 0;
                      int first = -1;
                      for (int i = 0; i < actual.capacity(); i++) {
                        if (actual.get(i) != expected.get(at + i)) {
                          differing++;
                          first = first < 0 ? i : first;
                        }
                      }
                      assertEquals(
                          0,
                          differing,
                          type
                              + " first at block "
                              + first / type.blockBytes()
                              + " byte "
                              + first % type.blockBytes());
                    }));
  }

  /** Rows 0 to 59 of the source are normally distributed. */
  @TestFactory
  Stream<DynamicTest> typicalErrorsAreThePublishedOnes() throws IOException {
    return types()
        .map(
            node ->
                dynamicTest(
                    node.get("type").asText(),
                    () -> {
                      GgmlType type = GgmlType.valueOf(node.get("type").asText());
                      float[] source = floats(read(node, "source"));
                      ByteBuffer blocks = read(node, "blocks");
                      int at = node.get("blocks_byte_offset_of_quantised_part").asInt();
                      float[] values = new float[60 * 256];
                      BlockFormats.of(type).dequantize(blocks, at, values, 0, values.length);
                      double error = 0;
                      double square = 0;
                      for (int i = 0; i < values.length; i++) {
                        double off = (double) values[i] - source[i];
                        error += off * off;
                        square += (double) source[i] * source[i];
                      }
                      FormatsPage.Line line = FormatsPage.read().get(type);
                      double published = line == null ? Double.NaN : line.typicalError();
                      // Two digits are published.
                      assertEquals(published, Math.sqrt(error / square), 0.05 * published);
                    }));
  }
}
