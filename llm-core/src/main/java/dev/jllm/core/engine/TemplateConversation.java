package dev.jllm.core.engine;

import dev.jllm.api.ChatTemplate;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Message;
import dev.jllm.api.TemplateException;
import dev.jllm.api.Thinking;
import dev.jllm.api.ToolCall;
import dev.jllm.api.ToolChoice;
import dev.jllm.api.ToolDefinition;
import dev.jllm.core.chat.jinja.Rendered;
import dev.jllm.core.chat.jinja.Template;
import dev.jllm.core.chat.jinja.Text;
import dev.jllm.core.chat.parse.OutputFormat;
import dev.jllm.core.chat.parse.OutputFormats;
import dev.jllm.core.chat.parse.ToolSchemas;
import dev.jllm.core.json.Json;
import dev.jllm.core.json.JsonException;
import dev.jllm.core.token.SpecialToken;
import dev.jllm.core.token.TextSpan;
import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conversations as a model's own template writes them down. */
final class TemplateConversation implements Conversation, ChatTemplate {
  private final String source;
  private final Template template;
  private final OutputFormat format;
  private final TextTokenizer tokenizer;
  private final String bos;
  private final String eos;

  /**
   * Compiles the template.
   *
   * @throws TemplateException if it is no valid template, with line and column
   */
  TemplateConversation(String source, TextTokenizer tokenizer) {
    this.source = source;
    this.tokenizer = tokenizer;
    template = Template.compile(source);
    format = OutputFormats.forTemplate(source);
    bos = special(SpecialToken.BOS);
    eos = special(SpecialToken.EOS);
  }

  private String special(SpecialToken role) {
    int id = tokenizer.vocabulary().special(role);
    return id == Vocabulary.NONE ? "" : tokenizer.vocabulary().text(id);
  }

  @Override
  public Prompt prompt(List<Message> messages, GenerationRequest request) {
    List<ToolDefinition> tools =
        request.toolChoice().equals(ToolChoice.NONE) ? List.of() : request.toolDefinitions();
    Map<String, @Nullable Object> variables = variables(messages, tools);
    variables.putAll(thinking(request));
    variables.putAll(request.templateVariables());
    Rendered rendered = template.render(variables);
    List<TextSpan> spans = new ArrayList<>();
    for (Rendered.Span span : rendered.spans()) {
      spans.add(new TextSpan(span.text(), span.trusted()));
    }
    // Many templates write the token that begins a text themselves; it must not stand there twice.
    boolean begins = !bos.isEmpty() && rendered.text().startsWith(bos);
    int[] ids = tokenizer.encode(spans, !begins && tokenizer.vocabulary().addsBos());
    int calls = 0;
    for (Message message : messages) {
      calls += message.toolCalls().size();
    }
    return new Prompt(
        ids,
        new ParsingOutput(
            format,
            tools.isEmpty() ? ToolSchemas.NONE : ToolSchemas.of(tools),
            generationPrompt(variables, rendered.text()),
            calls));
  }

  /** A format is meant for the answer: a model that could think first does so only if asked to. */
  private static Map<String, Object> thinking(GenerationRequest request) {
    Thinking thinking = request.thinking();
    boolean free = request.responseFormat().kind() == dev.jllm.api.ResponseFormat.Kind.TEXT;
    if (thinking.isUnspecified() && free) {
      return Map.of();
    }
    boolean on = !thinking.isUnspecified() && thinking.isEnabled();
    return Map.of("enable_thinking", on, "thinking", on);
  }

  /** What the template adds for the model to continue, which may open a thought. */
  private String generationPrompt(Map<String, @Nullable Object> variables, String whole) {
    Map<String, @Nullable Object> without = new LinkedHashMap<>(variables);
    without.put("add_generation_prompt", false);
    try {
      String text = template.render(without).text();
      return whole.startsWith(text) ? whole.substring(text.length()) : "";
    } catch (TemplateException needsAGenerationPrompt) {
      return "";
    }
  }

  private Map<String, @Nullable Object> variables(
      List<Message> messages, List<ToolDefinition> tools) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    List<Object> list = new ArrayList<>();
    for (Message message : messages) {
      list.add(variable(message));
    }
    variables.put("messages", list);
    List<Object> offered = new ArrayList<>();
    for (ToolDefinition tool : tools) {
      offered.add(variable(tool));
    }
    variables.put("tools", tools.isEmpty() ? null : offered);
    variables.put("add_generation_prompt", true);
    variables.put("bos_token", Text.trusted(bos));
    variables.put("eos_token", Text.trusted(eos));
    return variables;
  }

  private static Map<String, @Nullable Object> variable(Message message) {
    Map<String, @Nullable Object> m = new LinkedHashMap<>();
    m.put("role", message.role().templateName());
    m.put("content", message.content());
    if (message.reasoning() != null) {
      m.put("reasoning_content", message.reasoning());
    }
    if (!message.toolCalls().isEmpty()) {
      List<Object> calls = new ArrayList<>();
      for (ToolCall call : message.toolCalls()) {
        Map<String, @Nullable Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", parsed(call.arguments()));
        calls.add(entries("id", call.id(), "type", "function", "function", function));
      }
      m.put("tool_calls", calls);
    }
    if (message.toolCallId() != null) {
      m.put("tool_call_id", message.toolCallId());
    }
    if (message.name() != null) {
      m.put("name", message.name());
    }
    return m;
  }

  private static Map<String, Object> variable(ToolDefinition tool) {
    Object parameters = parsed(tool.parametersSchema());
    return entries(
        "type",
        "function",
        "function",
        entries(
            "name",
            tool.name(),
            "description",
            tool.description(),
            "parameters",
            parameters == null ? Map.of() : parameters));
  }

  private static Map<String, Object> entries(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  /** JSON as values; what a model wrote and is no JSON stays text. */
  private static @Nullable Object parsed(String json) {
    try {
      return Json.parse(json);
    } catch (JsonException e) {
      return json;
    }
  }

  @Override
  public String render(List<Message> messages, List<ToolDefinition> tools) {
    return template.render(variables(messages, tools)).text();
  }

  @Override
  public String source() {
    return source;
  }
}
