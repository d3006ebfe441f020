package dev.jllm.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jllm.api.Model;
import dev.jllm.api.Tool;
import dev.jllm.samples.cli.tools.DocumentSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentSearchTest {
  @Test
  void documentsAreFoundByMeaning(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("cat.txt"),
        "Once upon a time there was a little cat. The cat liked to play in the garden.");
    Files.writeString(folder.resolve("sums.txt"), "What is 12 + 5? 12 + 5 = 17.");
    Files.write(folder.resolve("picture.bin"), new byte[] {(byte) 0xFF, (byte) 0xD8, 0});
    try (Model model = Model.load(DemoModel.file())) {
      Tool search = new DocumentSearch(() -> model, folder).tool();
      JsonNode cats = call(search, "{\"query\":\"There was a little cat.\"}");
      assertEquals(2, cats.size());
      assertEquals("cat.txt", cats.get(0).path("file").asText());
      JsonNode one = call(search, "{\"query\":\"What is 3 + 4?\",\"count\":1}");
      assertEquals(1, one.size());
      assertEquals("sums.txt", one.get(0).path("file").asText());
    }
  }

  private static JsonNode call(Tool tool, String arguments) throws Exception {
    return JsonLines.MAPPER.readTree(tool.call(arguments));
  }
}
