package dev.jllm.core.grammar.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.Grammar;
import dev.jllm.core.json.Json;
import dev.jllm.core.testing.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The official test suite: no wrong verdict, and the shares that the documentation states. */
class JsonSchemaSuiteTest {
  @Test
  void givesNoWrongVerdictAndTakesWhatTheDocumentationSays() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(Reference.path("json-schema", "tests", "draft2020-12"))) {
      files =
          found.filter(p -> p.toString().endsWith(".json")).sorted().collect(Collectors.toList());
    }
    List<String> table = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (Path file : files) {
      String keyword = file.getFileName().toString().replace(".json", "");
      int answered = 0;
      int all = 0;
      for (Object group : (List<?>) Json.parse(Files.readString(file))) {
        Map<?, ?> g = (Map<?, ?>) group;
        List<?> tests = (List<?>) g.get("tests");
        all += tests.size();
        Object schema = g.get("schema");
        Grammar grammar;
        try {
          grammar = Grammar.jsonSchema(Json.write(schema));
        } catch (GrammarException e) {
          assertTrue(e.getMessage().startsWith("#"), () -> keyword + ": " + e.getMessage());
          continue;
        }
        SchemaOrder order = new SchemaOrder(schema);
        for (Object test : tests) {
          Map<?, ?> t = (Map<?, ?>) test;
          String json = Json.write(order.order(t.get("data"), schema));
          answered++;
          if (grammar.matches(json) != Boolean.TRUE.equals(t.get("valid"))) {
            wrong.add(keyword + ": " + g.get("description") + ", " + t.get("description"));
          }
        }
      }
      table.add("| `" + keyword + "` | " + answered + " / " + all + " |");
    }
    assertEquals(List.of(), wrong);
    Path page = Path.of("..", "docs", "json-schema.md");
    List<String> stated =
        Files.readAllLines(page).stream()
            .filter(line -> line.startsWith("| `") && line.contains(" / "))
            .collect(Collectors.toList());
    assertEquals(String.join("\n", table), String.join("\n", stated));
  }
}
