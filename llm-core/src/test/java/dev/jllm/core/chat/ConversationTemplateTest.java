package dev.jllm.core.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.Message;
import dev.jllm.api.ToolCall;
import dev.jllm.api.ToolDefinition;
import dev.jllm.core.testing.Reference;
import dev.jllm.core.token.TextSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationTemplateTest {
  private static final ToolDefinition TOOL =
      new ToolDefinition(
          "get_weather",
          "Tells the weather.",
          "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\","
              + "\"description\":\"where\"}},\"required\":[\"city\"]}");

  private static final ToolCall CALL =
      new ToolCall("call_1", "get_weather", "{\"city\": \"Bern\"}");

  private static final List<Message> CONVERSATION =
      List.of(
          Message.system("Be brief."),
          Message.user("How is the weather?"),
          Message.assistant("", null, List.of(CALL)),
          Message.tool(CALL, "rain at 7 degrees"));

  @Test
  void chatMl() {
    ConversationTemplate t = ConversationTemplate.of(ConversationTemplate.CHATML, "", "");
    assertEquals(
        "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
        t.render(List.of(Message.system("S"), Message.user("Hi"))));
    assertTrue(t.features().systemRole() && t.features().tools() && t.features().toolCalls());
    assertEquals(
        "<|im_start|>user\nHi<|im_end|>\n",
        t.render(
            List.of(Message.user("Hi")),
            List.of(),
            RenderOptions.defaults().withGenerationPrompt(false)));
  }

  @Test
  void everyPublishedTemplateShowsTheWholeConversation() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file : templates()) {
      ConversationTemplate t = ConversationTemplate.of(Files.readString(file), "<s>", "</s>");
      String text = t.render(CONVERSATION, List.of(TOOL));
      for (String word :
          List.of("Be brief.", "How is the weather?", "get_weather", "Bern", "rain at 7 degrees")) {
        if (!text.contains(word)) {
          wrong.add(file.getFileName() + " lacks " + word + ": " + t.features());
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static List<Path> templates() throws IOException {
    try (var list = Files.list(Reference.path("templates"))) {
      return list.filter(f -> f.toString().endsWith(".jinja")).sorted().toList();
    }
  }

  @Test
  void aSystemMessageGoesIntoTheFirstUserMessageWhereThereIsNoSuchRole() {
    ConversationTemplate t =
        ConversationTemplate.of(
            "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}"
                + "{% endif %}<{{ m.role }}>{{ m.content }}{% endfor %}",
            "", "");
    assertFalse(t.features().systemRole());
    assertEquals("<user>S\n\nHi", t.render(List.of(Message.system("S"), Message.user("Hi"))));
  }

  @Test
  void callsAndResultsBecomeTextWhereTheTemplateKnowsNone() {
    ConversationTemplate t =
        ConversationTemplate.of(
            "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}", "", "");
    String text = t.render(CONVERSATION, List.of(TOOL));
    assertTrue(text.contains("<tool_call>\n{\"name\": \"get_weather\""), text);
    assertTrue(text.contains("<tools>\n{\"type\":\"function\""), text);
  }

  @Test
  void argumentsAreGivenInTheFormThatTheTemplateWrites() {
    String head = "{{ messages[0].content }}{{ tools | tojson }}{% for m in messages %}";
    String calls = "{% for c in m.tool_calls or [] %}{{ c.function.name }}";
    String tail = "{% endfor %}{{ m.content if m.role == 'tool' }}{% endfor %}";
    ConversationTemplate text =
        ConversationTemplate.of(head + calls + "{{ c.function.arguments }}" + tail, "", "");
    assertTrue(text.features().textArguments());
    ConversationTemplate object =
        ConversationTemplate.of(
            head + calls + "{{ c.function.arguments | tojson }}" + tail, "", "");
    assertFalse(object.features().textArguments());
    for (ConversationTemplate t : List.of(text, object)) {
      assertTrue(t.render(CONVERSATION, List.of(TOOL)).contains("get_weather{\"city\": \"Bern\"}"));
    }
  }

  @Test
  void partsAndShortIdsAreGivenToTemplatesThatInsistOnThem() {
    ConversationTemplate parts =
        ConversationTemplate.of(
            "{% for m in messages %}{% for p in m.content %}{{ p.text }}{% endfor %}{% endfor %}",
            "", "");
    assertTrue(parts.features().contentParts());
    assertEquals("Hi", parts.render(List.of(Message.user("Hi"))));

    ConversationTemplate ids =
        ConversationTemplate.of(
            "{{ tools | tojson }}{% for m in messages %}{{ m.content }}"
                + "{% for c in m.tool_calls or [] %}{% if c.id | length != 9 %}"
                + "{{ raise_exception('nine') }}{% endif %}{{ c.id }}{{ c.function | tojson }}"
                + "{% endfor %}{{ m.tool_call_id if m.role == 'tool' }}{% endfor %}",
            "", "");
    assertTrue(ids.features().shortCallIds());
    String text = ids.render(CONVERSATION, List.of(TOOL));
    assertTrue(text.contains("call00000{") && text.endsWith("call00000"), text);
  }

  @Test
  void theTokenThatBeginsATextIsTheTemplatesOwn() {
    ConversationTemplate t =
        ConversationTemplate.of("{{ bos_token }}<u>{{ messages[0].content }}", "<s>", "</s>");
    List<Message> messages = List.of(Message.user("<s>"));
    RenderOptions options = RenderOptions.defaults();
    assertEquals(
        List.of(new TextSpan("<s><u>", true), new TextSpan("<s>", false)),
        t.spans(messages, List.of(), options));
    assertEquals("<s><u><s>", t.render(messages));
  }

  @Test
  void thinkingAndOtherVariablesReachTheTemplate() {
    ConversationTemplate t =
        ConversationTemplate.of(
            "{{ messages[0].content }}{{ enable_thinking is defined }}{{ enable_thinking }}"
                + "{{ x }}{{ documents }}",
            "",
            "");
    List<Message> hi = List.of(Message.user("Hi"));
    RenderOptions options = RenderOptions.defaults();
    assertEquals("HiFalseNone", t.render(hi, List.of(), options));
    assertEquals("HiTrueFalseNone", t.render(hi, List.of(), options.withThinking(false)));
    assertEquals(
        "HiTrueTrue5None", t.render(hi, List.of(), options.withThinking(true).with("x", 5)));
  }
}
