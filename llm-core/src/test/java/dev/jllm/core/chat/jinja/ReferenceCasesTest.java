package dev.jllm.core.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.TemplateException;
import dev.jllm.core.json.Json;
import dev.jllm.core.testing.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Jinja2 itself gives for small templates and for published chat templates. */
class ReferenceCasesTest {
  @Test
  void smallTemplates() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String line : Files.readAllLines(Reference.path("jinja", "cases.jsonl"))) {
      Map<?, ?> c = (Map<?, ?>) Json.parse(line);
      String source = (String) c.get("template");
      Map<String, Object> expected = new LinkedHashMap<>();
      c.forEach((key, value) -> expected.put((String) key, value));
      if (expected.containsKey("expected")) {
        expected.put("text", expected.get("expected"));
      }
      check(
          wrong,
          c.get("name") + ": " + source,
          expected,
          () -> render(source, c.get("context"), "2026-03-05T09:07:03"));
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void publishedTemplates() throws IOException {
    Path folder = Reference.path("templates");
    Map<?, ?> all = (Map<?, ?>) Json.parse(Files.readString(folder.resolve("conversations.json")));
    List<String> wrong = new ArrayList<>();
    int rendered = 0;
    for (Path file : files(folder)) {
      String name = file.getFileName().toString().replace(".expected.json", "");
      String source = Files.readString(folder.resolve(name + ".jinja"));
      Template template = Template.compile(source);
      Map<?, ?> expected = (Map<?, ?>) Json.parse(Files.readString(file));
      for (Object o : (List<?>) all.get("conversations")) {
        Map<?, ?> conversation = (Map<?, ?>) o;
        if (expected.get(conversation.get("name")) instanceof Map<?, ?> want) {
          rendered++;
          check(
              wrong,
              name + " " + conversation.get("name"),
              want,
              () -> render(template, conversation.get("variables"), (String) all.get("now")));
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(rendered > 1000, "only " + rendered + " renderings");
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var list = Files.list(folder)) {
      return list.filter(f -> f.toString().endsWith(".expected.json")).sorted().toList();
    }
  }

  private interface Rendering {
    String text();
  }

  private static void check(List<String> wrong, String label, Map<?, ?> want, Rendering rendering) {
    String text = null;
    String error = null;
    try {
      text = rendering.text();
    } catch (TemplateException e) {
      error = e.getMessage();
    }
    boolean good;
    if (want.get("text") instanceof String expected) {
      good = expected.equals(text);
    } else if (text != null) {
      // Changing lists and the like is allowed here.
      good = text.equals(want.get("lenient_text"));
    } else {
      boolean raised = "raise_exception".equals(want.get("error_type"));
      good = !raised || want.get("error").equals(error);
    }
    if (!good) {
      wrong.add(label + " gives " + text + error);
    }
  }

  private static String render(String source, Object variables, String now) {
    return render(Template.compile(source), variables, now);
  }

  private static String render(Template template, Object variables, String now) {
    Map<String, Object> context = new LinkedHashMap<>();
    ((Map<?, ?>) variables).forEach((key, value) -> context.put((String) key, value));
    LocalDateTime time = LocalDateTime.parse(now);
    Rendered rendered = template.render(context, Limits.DEFAULT, () -> time);
    StringBuilder joined = new StringBuilder();
    rendered.spans().forEach(span -> joined.append(span.text()));
    assertEquals(rendered.text(), joined.toString());
    return rendered.text();
  }
}
