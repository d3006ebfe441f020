package dev.jllm.core.chat.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.ToolDefinition;
import dev.jllm.core.json.Json;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for any text, also one that no model would write, in any pieces. */
class OutputParserProperties {
  /** Words of templates that call up every row of the table of formats. */
  private static final List<String> TEMPLATES =
      List.of(
          "<think></think><tool_call><function=</tool_call>",
          "<think></think><tool_call>",
          "<tool_call><arg_key></think>",
          "<seed:tool_call></seed:think>",
          "<tool_calls>[BEGIN FINAL RESPONSE]",
          "<|tool_calls_section_begin|></think>",
          "<｜tool▁calls▁begin｜></think>",
          "[TOOL_CALLS][THINK]",
          "<|tool_call:begin|><|content|>",
          "<|open|>",
          "]<]minimax[>[</mm:think>",
          "｜DSML｜</think>",
          "<|START_ACTION|><|START_THINKING|><|START_RESPONSE|>",
          "Action:",
          "<|message_sep|>",
          "<|tool_call_start|></think>",
          "functools",
          "<function=<|python_tag|>",
          "<function name=\"</think>",
          "<|python_tag|>",
          "<|tool_call><|channel>",
          "<|channel|>",
          ">>>all",
          "<atem:to=self<|eom|>",
          "<ifm|</ifm|think>");

  private static final List<String> PIECES =
      List.of(
          "<think>",
          "</think>",
          "<tool_call>",
          "</tool_call>",
          "<function=f>",
          "<function=",
          "</function>",
          "<parameter=a>",
          "</parameter>",
          "\n",
          " ",
          "f",
          "a",
          "1",
          "{",
          "}",
          "[",
          "]",
          "(",
          ")",
          "=",
          ",",
          ":",
          "\"",
          "'",
          "\\",
          "<",
          "{\"name\": \"f\", \"arguments\": {",
          "{\"a\": \"x\"}",
          ", \"id\": \"x\"}",
          ", \"function\": ",
          "\"name\": \"f\"",
          "\"a\": 1",
          "<arg_key>",
          "</arg_key>",
          "<arg_value>",
          "</arg_value>",
          "[TOOL_CALLS]",
          "[ARGS]",
          "[CALL_ID]",
          "<|channel|>",
          "<|message|>",
          "<|start|>",
          "assistant",
          " to=functions.f",
          "analysis",
          "<|open|>",
          "<|close|>",
          "<|sep|>",
          "call tool=\"f\"",
          "argument key=\"a\"",
          "response",
          "tools",
          "]<]minimax[>[",
          "<invoke name=\"f\">",
          "</invoke>",
          "<item>",
          "</item>",
          "<a>",
          "</a>",
          "<｜DSML｜tool_calls>",
          "<｜DSML｜invoke name=\"f\">",
          "<｜tool▁calls▁begin｜>",
          "<｜tool▁call▁begin｜>",
          "<｜tool▁sep｜>",
          "<|tool_call>",
          "call:f",
          "<|\"|>",
          "<tool_call|>",
          "<|tool_call_start|>",
          "f(a=1)",
          ">>>",
          "all\n",
          "f\n",
          "functools",
          "```json",
          "```",
          "😀",
          "True",
          "<![CDATA[",
          "]]>",
          "<param name=\"a\">",
          "</param>");

  private static final ToolSchemas TOOLS =
      ToolSchemas.of(
          List.of(
              new ToolDefinition(
                  "f",
                  "",
                  "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},"
                      + "\"b\":{\"type\":[\"number\",\"array\"]}}}")));

  @Provide
  Arbitrary<String> formats() {
    return Arbitraries.of(TEMPLATES);
  }

  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(9, Arbitraries.of(PIECES)),
            net.jqwik.api.Tuple.of(1, Arbitraries.strings().ofMaxLength(5)))
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 2000)
  void anyChunkingOfAnyTextGivesTheSame(
      @ForAll("formats") String template,
      @ForAll("texts") List<String> pieces,
      @ForAll @IntRange(min = 1, max = 7) int size) {
    OutputFormat format = OutputFormats.fromTable(template);
    String text = String.join("", pieces);
    ParsedOutput whole = OutputParser.parse(format, TOOLS, "", text);
    Recorder recorder = new Recorder();
    OutputParser parser = new OutputParser(format, TOOLS, "", recorder);
    List<String> points = OutputReferenceTest.codePoints(text);
    for (int i = 0; i < points.size(); i += size) {
      parser.feed(String.join("", points.subList(i, Math.min(points.size(), i + size))));
      OutputReferenceTest.assertShowsPrefix(text, whole, parser.result());
    }
    assertEquals(whole, parser.finish(), text);
    recorder.assertTold(whole);
    for (ParsedCall call : whole.calls()) {
      if (call.complete()) {
        assertTrue(Json.parse(call.arguments()) instanceof java.util.Map, text);
      }
    }
  }

  @Property(tries = 500)
  void withoutMarksAllIsContent(@ForAll @Size(max = 60) String text) {
    ParsedOutput whole = OutputParser.parse(OutputFormat.PLAIN, TOOLS, "", text);
    assertEquals(text.stripLeading().length() == 0 ? "" : text.strip(), whole.content().strip());
  }

  @Property(tries = 300)
  void literalsBecomeJson(@ForAll("texts") List<String> pieces) {
    String json = Literal.toJson(String.join("", pieces));
    if (json != null) {
      Json.parse(json);
    }
  }
}
