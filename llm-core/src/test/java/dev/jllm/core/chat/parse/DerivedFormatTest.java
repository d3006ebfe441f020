package dev.jllm.core.chat.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Formats that no table knows, read off what the template writes. */
class DerivedFormatTest {
  private static final String HEAD =
      """
      {%- for m in messages -%}
      {{- '@' + m.role + ':' }}
      {%- if m.reasoning_content %}{{ '<<ponder>>' + m.reasoning_content + '<</ponder>>' }}{% endif -%}
      {{- m.content }}
      """;

  private static final String TAIL =
      """
      {{- '@end\\n' }}
      {%- endfor -%}
      {%- if add_generation_prompt %}{{ '@assistant:' }}{% endif -%}
      """;

  private static ParsedOutput read(String calls, String text) {
    OutputFormat format = OutputFormats.forTemplate(HEAD + calls + TAIL);
    return OutputParser.parse(format, TemplateProbe.tools(), "@assistant:", text);
  }

  @Test
  void jsonBetweenUnknownMarks() {
    ParsedOutput output =
        read(
            "{%- for c in m.tool_calls %}{{ '((use))' + ({'name': c.function.name,"
                + " 'arguments': c.function.arguments} | tojson) + '((/use))' }}{% endfor -%}",
            "Well.((use)){\"name\": \""
                + TemplateProbe.TOOL
                + "\", \"arguments\": {\"a\": 1}}"
                + "((/use))((use)){\"name\": \"other\", \"arguments\": {}}((/use))");
    assertEquals("Well.", output.content());
    assertEquals(
        List.of(
            new ParsedCall(TemplateProbe.TOOL, "{\"a\": 1}", null, true),
            new ParsedCall("other", "{}", null, true)),
        output.calls());
  }

  @Test
  void nameThenJson() {
    ParsedOutput output =
        read(
            "{%- if m.tool_calls %}{{ '%calls%' }}{% for c in m.tool_calls %}{{ '%call '"
                + " + c.function.name + ' with ' + (c.function.arguments | tojson) + '%done' }}"
                + "{% endfor %}{{ '%finis%' }}{% endif -%}",
            "%calls%%call "
                + TemplateProbe.TOOL
                + " with {\"x\": [1]}%done%call f with {}%done%finis%");
    assertEquals(2, output.calls().size(), output.toString());
    assertEquals("{\"x\": [1]}", output.calls().get(0).arguments());
    assertEquals("f", output.calls().get(1).name());
    assertEquals("", output.content());
  }

  @Test
  void argumentsInUnknownTags() {
    ParsedOutput output =
        read(
            "{%- for c in m.tool_calls %}{{ '<run ' + c.function.name + '>' }}"
                + "{% for k, v in c.function.arguments.items() %}{{ '<arg ' + k + '>' + v"
                + " + '</arg>' }}{% endfor %}{{ '</run>' }}{% endfor -%}",
            "<run "
                + TemplateProbe.TOOL
                + "><arg "
                + TemplateProbe.FIRST
                + ">some <b>text</b></arg><arg n>3</arg></run>");
    assertEquals(1, output.calls().size(), output.toString());
    assertEquals(
        "{\"" + TemplateProbe.FIRST + "\":\"some <b>text</b>\",\"n\":3}",
        output.calls().get(0).arguments());
  }

  @Test
  void thoughtsBetweenUnknownMarks() {
    ParsedOutput output = read("", "<<ponder>>hm\nhm<</ponder>>Yes.");
    assertEquals("hm\nhm", output.reasoning());
    assertEquals("Yes.", output.content());
  }

  @Test
  void aTemplateThatFailsTellsNothing() {
    assertEquals(
        OutputFormat.PLAIN, OutputFormats.forTemplate("{{ raise_exception('tool_calls') }}"));
    assertEquals(OutputFormat.PLAIN, OutputFormats.forTemplate("{% broken tool_calls"));
    assertTrue(
        OutputFormats.forTemplate("{% for i in range(1000000000) %}tool_calls{% endfor %}")
            .sections()
            .isEmpty());
  }
}
