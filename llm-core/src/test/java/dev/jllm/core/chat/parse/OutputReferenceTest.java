package dev.jllm.core.chat.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.core.json.Json;
import dev.jllm.core.testing.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded texts of many families, whole, and shown character by character. */
class OutputReferenceTest {
  static Stream<String> families() throws IOException {
    try (Stream<Path> files = Files.list(Reference.path("parsing"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.endsWith(".parse.jsonl"))
          .map(n -> n.substring(0, n.length() - ".parse.jsonl".length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void wholeAndEveryCut(String family) throws IOException {
    OutputFormat format =
        OutputFormats.forTemplate(Files.readString(Reference.path("templates", family + ".jinja")));
    int cases = 0;
    for (String line : Files.readAllLines(Reference.path("parsing", family + ".parse.jsonl"))) {
      Map<?, ?> one = (Map<?, ?>) Json.parse(line);
      if (!Boolean.TRUE.equals(one.get("partial"))) {
        check(format, one);
        cases++;
      }
    }
    assertTrue(cases > 0);
  }

  private static void check(OutputFormat format, Map<?, ?> one) {
    String name = (String) one.get("name");
    String text = (String) one.get("text");
    String prompt = (String) one.get("generation_prompt");
    ToolSchemas tools =
        one.get("tools") instanceof List<?> list
            ? ToolSchemas.ofTemplateTools(list)
            : ToolSchemas.NONE;
    ParsedOutput whole = OutputParser.parse(format, tools, prompt, text);
    Map<?, ?> expected = (Map<?, ?>) one.get("expected");
    assertEquals(trim(expected.get("content")), whole.content().strip(), name);
    assertEquals(trim(expected.get("reasoning_content")), whole.reasoning().strip(), name);
    List<?> calls = (List<?>) expected.get("tool_calls");
    assertEquals(calls.size(), whole.calls().size(), name);
    for (int i = 0; i < calls.size(); i++) {
      Map<?, ?> call = (Map<?, ?>) calls.get(i);
      ParsedCall found = whole.calls().get(i);
      assertEquals(call.get("name"), found.name(), name);
      assertEquals(call.get("arguments"), Json.parse(found.arguments()), name);
      assertTrue(found.complete(), name);
      if (call.containsKey("id")) {
        assertEquals(call.get("id"), found.id(), name);
      }
    }

    Recorder recorder = new Recorder();
    OutputParser parser = new OutputParser(format, tools, prompt, recorder);
    for (String piece : codePoints(text)) {
      parser.feed(piece);
      assertShowsPrefix(name, whole, parser.result());
    }
    assertEquals(whole, parser.finish(), name);
    recorder.assertTold(whole);
  }

  static void assertShowsPrefix(String name, ParsedOutput whole, ParsedOutput shown) {
    assertTrue(whole.content().startsWith(shown.content()), name);
    assertTrue(whole.reasoning().startsWith(shown.reasoning()), name);
    assertTrue(shown.calls().size() <= whole.calls().size(), name);
    for (int i = 0; i < shown.calls().size(); i++) {
      assertEquals(whole.calls().get(i).name(), shown.calls().get(i).name(), name);
      assertTrue(
          whole.calls().get(i).arguments().startsWith(shown.calls().get(i).arguments()), name);
    }
  }

  static List<String> codePoints(String text) {
    List<String> pieces = new ArrayList<>();
    text.codePoints().forEach(c -> pieces.add(new String(Character.toChars(c))));
    return pieces;
  }

  private static String trim(Object text) {
    return ((String) text).strip();
  }
}
