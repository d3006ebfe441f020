package dev.jllm.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jllm.core.arch.families.Architectures;
import dev.jllm.core.testing.Reference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every supported model of the reference data gives its recorded logits, in one batch, in chunks of
 * 17, and token by token. What was measured is kept in docs/architectures.md; with the system
 * property {@code jllm.update} the page is written anew.
 */
class ReferenceArchitecturesTest {

  @Test
  void recordedLogits() throws IOException {
    Path folder = Reference.path("architectures");
    JsonNode manifest =
        JsonMapper.builder().build().readTree(folder.resolve("manifest.json").toFile());
    Map<String, ArchitecturesPage.Measured> measured = new TreeMap<>();
    List<String> failed = new ArrayList<>();
    for (JsonNode entry : manifest.path("models")) {
      if (!Architectures.names().contains(entry.path("arch").asText())
          || !entry.path("outputs").has("logits")) {
        continue;
      }
      String name = entry.path("name").asText();
      double limit = entry.path("suggested_max_nmse").asDouble(1e-8);
      ArchitecturesPage.Measured m = measure(folder, entry);
      boolean good = Math.max(m.batch(), Math.max(m.chunks(), m.step())) <= limit;
      measured.put(name, new ArchitecturesPage.Measured(m.batch(), m.chunks(), m.step(), good));
      if (!good) {
        failed.add(
            String.format(
                Locale.ROOT, "%s: %.1e %.1e %.1e", name, m.batch(), m.chunks(), m.step()));
      }
    }
    if (System.getProperty("jllm.update") != null) {
      ArchitecturesPage.write(measured);
    }
    Map<String, ArchitecturesPage.Measured> listed = ArchitecturesPage.read();
    assertEquals(listed.keySet(), measured.keySet(), "models listed in docs/architectures.md");
    failed.removeIf(line -> !listed.get(line.substring(0, line.indexOf(':'))).good());
    // Kernels differ in the last bits; what is a hundred times as far off was not measured with
    // them.
    measured.forEach(
        (name, m) -> {
          ArchitecturesPage.Measured then = listed.get(name);
          double worst = Math.max(m.batch(), Math.max(m.chunks(), m.step()));
          double known = Math.max(then.batch(), Math.max(then.chunks(), then.step()));
          if (worst > 100 * known) {
            failed.add(
                String.format(
                    Locale.ROOT, "%s: %.1e, but %.1e in the page's table", name, worst, known));
          }
        });
    assertTrue(failed.isEmpty(), () -> String.join("\n", failed));
  }

  private static ArchitecturesPage.Measured measure(Path folder, JsonNode entry)
      throws IOException {
    JsonNode output = entry.path("outputs").path("logits");
    int[] ids = new int[entry.path("tokens").size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = entry.path("tokens").get(i).asInt();
    }
    List<float[]> references = new ArrayList<>();
    references.add(floats(folder.resolve(output.path("file").asText())));
    if (output.has("exact_file")) {
      references.add(floats(folder.resolve(output.path("exact_file").asText())));
    }
    int first = entry.path("first_position").asInt(0);
    Path path = folder.resolve(entry.path("file").asText());
    ModelOptions options = ModelOptions.comparison(entry.path("n_ctx").asInt(256));
    try (TinyModel tiny = new TinyModel(path, options)) {
      boolean causal = entry.path("noise").has("token_by_token");
      double[] e = new double[3];
      int[] chunks = {ids.length, causal ? 17 : ids.length, causal ? 1 : ids.length};
      for (int i = 0; i < 3; i++) {
        float[] got = tiny.logits(tiny.model.newSequence(first), ids, chunks[i]);
        e[i] = references.stream().mapToDouble(r -> TinyModel.nmse(got, r)).min().orElseThrow();
      }
      return new ArchitecturesPage.Measured(e[0], e[1], e[2], false);
    }
  }

  private static float[] floats(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    float[] all = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(all);
    return all;
  }
}
