package dev.jllm.core.chat.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.core.chat.jinja.JinjaException;
import dev.jllm.core.chat.jinja.Template;
import dev.jllm.core.json.Json;
import dev.jllm.core.testing.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a template adds for an assistant's message behind the generation prompt is what the model
 * would have written; parsed, it gives the message back, as far as the template shows it.
 */
class RoundTripTest {
  private static final String TOOLS =
      """
      [{"type":"function","function":{"name":"search_files","description":"Searches.",
        "parameters":{"type":"object","properties":{
          "query":{"type":"string","description":"Text"},
          "limit":{"type":"integer","description":"How many"},
          "exact":{"type":"boolean","description":"Whole words"},
          "options":{"type":"object","description":"More","properties":{
            "depth":{"type":"integer"},"names":{"type":"array","items":{"type":"string"}}}},
          "folders":{"type":"array","items":{"type":"string"},"description":"Where"}},
          "required":["query"]}}},
       {"type":"function","function":{"name":"now","description":"The time.",
        "parameters":{"type":"object","properties":{}}}}]
      """;

  private static final List<String> CALLS =
      List.of(
          "[{\"name\":\"search_files\",\"arguments\":{\"query\":\"wordqq\"}}]",
          "[{\"name\":\"search_files\",\"arguments\":{\"query\":\"a wordqq & <b>more</b> {x} [y]\","
              + "\"limit\":12}}]",
          "[{\"name\":\"search_files\",\"arguments\":{\"query\":\"wordqq 世界\",\"limit\":-3,"
              + "\"options\":{\"depth\":2,\"names\":[\"p\",\"q r\"]},\"folders\":[\"a\",\"b\"]}}]",
          "[{\"name\":\"now\",\"arguments\":{}}]",
          "[{\"name\":\"search_files\",\"arguments\":{\"query\":\"wordqq one\"}},"
              + "{\"name\":\"search_files\",\"arguments\":{\"query\":\"two\",\"limit\":1}}]");

  /** Arguments with a truth value: some templates write Python's words for them. */
  private static final String TRUTH =
      "[{\"name\":\"search_files\",\"arguments\":{\"query\":\"wordqq\",\"exact\":true}}]";

  /** What templates write behind calls, other than behind answers. */
  private static final List<String> TURN_ENDS = List.of("<|eom_id|>", "<|END_OF_TURN_TOKEN|>");

  /** Templates that refuse this conversation, or show no text of their own for an answer. */
  private static final List<String> SILENT =
      List.of("fireworks-ai-llama-3-firefunction-v2", "CohereForAI-c4ai-command-r-plus-tool_use");

  static Stream<String> templates() throws IOException {
    try (Stream<Path> files = Files.list(Reference.path("templates"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.endsWith(".jinja"))
          .sorted()
          .toList()
          .stream();
    }
  }

  private record Turn(String content, String reasoning, List<?> calls) {
    Map<String, Object> message(boolean argumentsAsText) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", "assistant");
      message.put("content", content);
      if (!reasoning.isEmpty()) {
        message.put("reasoning_content", reasoning);
        message.put("thinking", reasoning);
      }
      List<Object> list = new ArrayList<>();
      for (Object one : calls) {
        Map<String, Object> function = new LinkedHashMap<>();
        Map<?, ?> call = (Map<?, ?>) one;
        function.put("name", call.get("name"));
        Object arguments = call.get("arguments");
        function.put("arguments", argumentsAsText ? Json.write(arguments) : arguments);
        Map<String, Object> wrapper = new LinkedHashMap<>();
        wrapper.put("id", "call0000" + list.size());
        wrapper.put("type", "function");
        wrapper.put("function", function);
        list.add(wrapper);
      }
      if (!list.isEmpty()) {
        message.put("tool_calls", list);
      }
      return message;
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void whatATemplateWritesReadsBack(String name) throws IOException {
    String source = Files.readString(Reference.path("templates", name));
    Template template = Template.compile(source);
    OutputFormat format = OutputFormats.forTemplate(source);
    List<Turn> turns = new ArrayList<>();
    turns.add(new Turn("An answerqq – 世界.\n\n- with lines", "", List.of()));
    turns.add(new Turn("An answerqq", "A thoughtqq\nof two lines", List.of()));
    List<String> calls = new ArrayList<>(CALLS);
    calls.add(TRUTH);
    for (String json : calls) {
      List<?> list = (List<?>) Json.parse(json);
      turns.add(new Turn("", "", list));
      turns.add(new Turn("Let me see, answerqq.", "", list));
      turns.add(new Turn("", "A thoughtqq", list));
      turns.add(new Turn("Now answerqq.", "A thoughtqq", list));
    }
    int read = 0;
    for (boolean thinking : new boolean[] {true, false}) {
      for (Turn turn : turns) {
        if (thinking || turn.reasoning().isEmpty()) {
          read += check(name, template, format, turn, thinking) ? 1 : 0;
        }
      }
    }
    assertTrue(read > 0 || SILENT.contains(name.replace(".jinja", "")), name + " showed nothing");
  }

  private static boolean check(
      String name, Template template, OutputFormat format, Turn turn, boolean thinking) {
    String question;
    String prompt;
    String full;
    String plain;
    try {
      question = render(template, null, false, thinking);
      prompt = render(template, null, true, thinking);
      plain = render(template, new Turn("Answerqq", "", List.of()).message(false), false, thinking);
      full = rendered(template, turn, thinking);
    } catch (JinjaException e) {
      return false;
    }
    int begin = TemplateProbe.commonPrefix(question, prompt);
    int end = TemplateProbe.commonPrefix(full, prompt);
    int mark = end < prompt.length() ? full.substring(0, end).lastIndexOf('<') : -1;
    if (mark >= begin && full.substring(mark, end).indexOf('>') < 0) {
      // Where the message goes on otherwise than the prompt, no mark is cut in two.
      end = mark;
    }
    String text = full.substring(end);
    String turnEnd = plain.substring(plain.lastIndexOf("Answerqq") + 8).trim();
    if (!turnEnd.isEmpty() && text.trim().endsWith(turnEnd)) {
      text = text.substring(0, text.lastIndexOf(turnEnd));
    }
    int stop = text.indexOf("<｜end▁of▁sentence｜>");
    text = stop < 0 ? text : text.substring(0, stop);
    for (String other : TURN_ENDS) {
      text = text.endsWith(other) ? text.substring(0, text.length() - other.length()) : text;
    }
    boolean calls = !turn.calls().isEmpty();
    String first = calls ? (String) ((Map<?, ?>) turn.calls().get(0)).get("name") : "";
    if (calls && !text.contains(first) || !calls && !text.contains("answerqq")) {
      return false;
    }
    ToolSchemas tools = ToolSchemas.ofTemplateTools((List<?>) Json.parse(TOOLS));
    OutputParser parser =
        new OutputParser(format, tools, full.substring(begin, end), new OutputListener() {});
    String closing = parser.reasoningEnd();
    if (parser.isReasoning() && closing != null && !text.contains(closing)) {
      // The prompt opens a thought that this message does not close: no model writes it so.
      return false;
    }
    parser.feed(text);
    ParsedOutput output = parser.finish();
    String where = name + ": " + Json.quote(text) + " gave " + output;
    assertEquals(text.contains("answerqq") ? turn.content() : "", output.content().strip(), where);
    assertEquals(
        text.contains("thoughtqq") ? turn.reasoning() : "", output.reasoning().strip(), where);
    List<Object> found = new ArrayList<>();
    for (ParsedCall call : output.calls()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", call.name());
      one.put("arguments", Json.parse(call.arguments()));
      found.add(one);
    }
    boolean all = !calls || turn.calls().size() == 1 || text.contains("two");
    assertEquals(all ? turn.calls() : turn.calls().subList(0, 1), found, where);
    return true;
  }

  private static String rendered(Template template, Turn turn, boolean thinking) {
    try {
      return render(template, turn.message(false), false, thinking);
    } catch (JinjaException e) {
      return render(template, turn.message(true), false, thinking);
    }
  }

  private static String render(
      Template template, Map<String, Object> message, boolean ask, boolean thinking) {
    Map<String, Object> user = Map.of("role", "user", "content", "Find it.");
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("messages", message == null ? List.of(user) : List.of(user, message));
    variables.put("tools", Json.parse(TOOLS));
    variables.put("add_generation_prompt", ask);
    variables.put("enable_thinking", thinking);
    variables.put("thinking", thinking);
    variables.put("bos_token", "");
    variables.put("eos_token", "");
    return template.render(variables).text();
  }
}
