package dev.jllm.core.chat.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jllm.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One exchange of each family, also such as models write when they err, cut at every place. */
class FamiliesTest {
  private static final ToolSchemas TOOLS =
      ToolSchemas.ofTemplateTools(
          (List<?>)
              Json.parse(
                  "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":"
                      + "\"object\",\"properties\":{\"s\":{\"type\":\"string\"},\"n\":{\"type\":"
                      + "\"integer\"},\"b\":{\"type\":\"boolean\"},\"a\":{\"type\":\"array\"},"
                      + "\"u\":{\"type\":[\"string\",\"null\"]}}}}}]"));

  /** Template's words, end of the prompt, text, content, reasoning, calls as name and arguments. */
  private static Arguments row(
      String template,
      String prompt,
      String text,
      String content,
      String thought,
      String... calls) {
    return Arguments.of(template, prompt, text, content, thought, List.of(calls));
  }

  static Stream<Arguments> exchanges() {
    return Stream.of(
        row(
            "<tool_call> </think>",
            "<think>\n",
            "Hm.\n</think>\n\nSo:\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"n\": 1}}\n"
                + "</tool_call>\n<tool_call>\n{\"arguments\": {\"s\": \"x\"}, \"name\": \"f\"}\n"
                + "</tool_call>",
            "So:",
            "Hm.",
            "f {\"n\": 1}",
            "f {\"s\": \"x\"}"),
        row(
            "<tool_call>",
            "",
            "<tool_call>{'name': 'f', 'arguments': {'s': 'it\\'s', 'b': True, 'u': None}}</tool_call>",
            "",
            "",
            "f {\"s\": \"it's\", \"b\": true, \"u\": null}"),
        row(
            "<tool_call>",
            "",
            "<tool_call>{\"name\": \"f\", \"arguments\": \"{\\\"n\\\": 2}\"}</tool_call>",
            "",
            "",
            "f {\"n\": 2}"),
        row(
            "<tool_call>",
            "",
            "The mark <tool_call> opens a call, x < y.",
            "The mark <tool_call> opens a call, x < y.",
            ""),
        row(
            "<tool_call><function=",
            "",
            "<function=f>\n<parameter=s>\nline 1\n</parameter> not yet\n</parameter>\n"
                + "<parameter=n>\n3\n</parameter>\n</function>\n</tool_call>",
            "",
            "",
            "f {\"s\":\"line 1\\n</parameter> not yet\",\"n\":3}"),
        row(
            "<minimax:tool_call> </think>",
            "<think>\n",
            "Hm\n</think>\n\n<minimax:tool_call>\n<invoke name=\"f\">\n<parameter name=\"s\">a"
                + "</parameter>\n<parameter name=\"a\">[1, 2]</parameter>\n</invoke>\n"
                + "</minimax:tool_call>",
            "",
            "Hm",
            "f {\"s\":\"a\",\"a\":[1, 2]}"),
        row(
            "<TOOLCALL> </think>",
            "",
            "<think>\nHm</think>\n<TOOLCALL>[{\"name\": \"f\", \"arguments\": {}}, {\"name\": "
                + "\"f\", \"arguments\": {\"n\": 1}}]</TOOLCALL>",
            "",
            "Hm",
            "f {}",
            "f {\"n\": 1}"),
        row(
            "<|START_ACTION|> <|START_THINKING|> <|START_RESPONSE|>",
            "",
            "<|START_THINKING|>Hm<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>",
            "Yes.",
            "Hm"),
        row(
            "response between <response> </think>",
            "",
            "<think>Hm</think><response>Yes.</response>",
            "Yes.",
            "Hm"),
        row(
            "<|tool_call|>",
            "",
            "<|tool_call|>[{\"name\": \"f\", \"arguments\": {\"n\": 1}}]",
            "",
            "",
            "f {\"n\": 1}"),
        row(
            "<|channel|>",
            "<|start|>assistant",
            "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>commentary"
                + "<|message|>I look.<|end|><|start|>assistant<|channel|>commentary to=functions.f "
                + "<|constrain|>json<|message|>{\"n\": 1}<|call|>",
            "I look.",
            "Hm",
            "f {\"n\": 1}"),
        row(
            "<|channel|>",
            "<|start|>assistant",
            " to=functions.f<|channel|>analysis json<|message|>{}<|call|>",
            "",
            "",
            "f {}"),
        row(
            "<|channel|>",
            "<|start|>assistant",
            "<|channel|>analysis<|message|>a <b<|end|><|start|>assistant<|channel|>final<|message|>"
                + "Yes.<|return|>",
            "Yes.",
            "a <b"),
        row(
            ">>>all",
            "<|end_header_id|>\n\n>>>",
            "all\nFirst >>> this.\n>>>f\n{\"n\": 1}",
            "First >>> this.",
            "",
            "f {\"n\": 1}"),
        row(
            "to=self <|eom|> <atem:",
            "<|start|>assistant",
            " to=self<|message|>Hm<|eom|><|start|>assistant to=f<|message|><atem:function_calls>\n"
                + "<atem:invoke name=\"f\">\n<atem:parameter name=\"n\">1</atem:parameter>\n"
                + "</atem:invoke>\n</atem:function_calls>",
            "",
            "Hm",
            "f {\"n\":1}"),
        row(
            "<|content_thinking|> <|content_invoke_tool_json|>",
            "<|message_model|>",
            "<|content_thinking|>Hm<|end_message|><|message_model|><|content_text|>I look."
                + "<|end_message|><|message_model|>f<|content_invoke_tool_json|>{\"name\": \"f\", "
                + "\"args\": {\"n\": 1}}<|end_message|>",
            "I look.",
            "Hm",
            "f {\"n\": 1}"),
        row(
            "<ifm|tool_calls> <ifm|tool_call> </ifm|think>",
            "<ifm|think>\n",
            "Hm</ifm|think>\nSo.<ifm|tool_calls>\n<ifm|tool_call>f\n<ifm|arg_key>n</ifm|arg_key>\n"
                + "<ifm|arg_value>1</ifm|arg_value>\n</ifm|tool_call>\n<ifm|tool_call>\n"
                + "{\"name\": \"f\", \"arguments\": {}}\n</ifm|tool_call>\n</ifm|tool_calls>",
            "So.",
            "Hm",
            "f {\"n\":1}",
            "f {}"),
        row(
            "<|tool_calls_section_begin|> </think>",
            "",
            "<think>Hm <|tool_calls_section_begin|><|tool_call_begin|>functions.f:0"
                + "<|tool_call_argument_begin|>{\"n\": 1}<|tool_call_end|>"
                + "<|tool_calls_section_end|>",
            "",
            "Hm",
            "f {\"n\": 1}"),
        row(
            "<|tool_call> <|channel>",
            "<|turn>model\n",
            "<|channel>thought\nHm<channel|>Yes.<|tool_call>call:f{a:[<|\"|>x<|\"|>,true],"
                + "s:<|\"|>a \"b\" {c}<|\"|>}<tool_call|>",
            "Yes.",
            "Hm",
            "f {\"a\":[\"x\",true],\"s\":\"a \\\"b\\\" {c}\"}"),
        row(
            "<|tool_call_start|>",
            "",
            "<|tool_call_start|>[f(s='it\\'s', n = 3, a=[1, 'x'], u=None), f()]<|tool_call_end|>",
            "",
            "",
            "f {\"s\":\"it's\",\"n\":3,\"a\":[1, \"x\"],\"u\":null}",
            "f {}"),
        row(
            "<|python_tag|>",
            "",
            "{\"type\": \"function\", \"name\": \"f\", \"parameters\": {\"n\": 1}}",
            "",
            "",
            "f {\"n\": 1}"),
        row("<|python_tag|>", "", "<|python_tag|>f.call(s=\"x\")", "", "", "f {\"s\":\"x\"}"),
        row(
            "<|python_tag|>",
            "",
            "{\"name\": \"Bern\", \"people\": 3}",
            "{\"name\": \"Bern\", \"people\": 3}",
            ""),
        row(
            "[TOOL_CALLS]",
            "",
            "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"n\": 1}, \"id\": \"123456789\"}]",
            "",
            "",
            "f {\"n\": 1}"),
        row(
            "<tool_calls>",
            "",
            "<tool_calls>\n<tool_call>f\n```json\n{\"n\": 1}\n```\n</tool_call>\n</tool_calls>",
            "",
            "",
            "f {\"n\": 1}"),
        row(
            "<|tools_prefix|> <|inner_prefix|>",
            "",
            "<|inner_prefix|>Hm<|inner_suffix|><|tools_prefix|>[{\"f\": {\"n\": 1}}]"
                + "<|tools_suffix|>",
            "",
            "Hm",
            "f {\"n\": 1}"));
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void readsWholeAndInPieces(
      String template,
      String prompt,
      String text,
      String content,
      String thought,
      List<String> calls) {
    OutputFormat format = OutputFormats.fromTable(template);
    ParsedOutput whole = OutputParser.parse(format, TOOLS, prompt, text);
    assertEquals(content, whole.content());
    assertEquals(thought, whole.reasoning());
    assertEquals(calls, whole.calls().stream().map(c -> c.name() + " " + c.arguments()).toList());
    for (ParsedCall call : whole.calls()) {
      assertEquals(true, call.complete());
      assertEquals(true, Json.parse(call.arguments()) instanceof Map);
    }
    for (int cut = 0; cut <= text.length(); cut++) {
      Recorder recorder = new Recorder();
      OutputParser parser = new OutputParser(format, TOOLS, prompt, recorder);
      parser.feed(text.substring(0, cut));
      OutputReferenceTest.assertShowsPrefix(
          text.substring(0, cut) + " shows " + parser.result(), whole, parser.result());
      parser.feed(text.substring(cut));
      assertEquals(whole, parser.finish());
      recorder.assertTold(whole);
    }
  }
}
