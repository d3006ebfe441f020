package dev.jllm.core.chat;

import dev.jllm.api.ChatTemplate;
import dev.jllm.api.Message;
import dev.jllm.api.ToolDefinition;
import dev.jllm.core.chat.jinja.Limits;
import dev.jllm.core.chat.jinja.Rendered;
import dev.jllm.core.chat.jinja.Template;
import dev.jllm.core.chat.jinja.Text;
import dev.jllm.core.json.Json;
import dev.jllm.core.token.TextSpan;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's chat template: compiled once, with what it can do found out once, then rendered for any
 * number of conversations. What messages contribute is untrusted in the rendering, so that text
 * which looks like a control token stays text. Immutable and thread-safe.
 */
public final class ConversationTemplate implements ChatTemplate {
  /** ChatML with tools in the form of Hermes: for models that have no template of their own. */
  public static final String CHATML =
      "{%- if tools %}{{- '<|im_start|>system\\n' }}"
          + "{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}"
          + "{{- '# Tools\\n\\nYou may call these functions:\\n<tools>' }}"
          + "{%- for tool in tools %}{{- '\\n' + (tool | tojson) }}{%- endfor %}"
          + "{{- '\\n</tools>\\n\\nFor each call write:\\n<tool_call>\\n"
          + "{\"name\": <name>, \"arguments\": <object>}\\n</tool_call><|im_end|>\\n' }}"
          + "{%- elif messages and messages[0].role == 'system' %}"
          + "{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}{%- endif %}"
          + "{%- for m in messages %}{%- if not (loop.first and m.role == 'system') %}"
          + "{{- '<|im_start|>' + ('user' if m.role == 'tool' else m.role) + '\\n' }}"
          + "{%- if m.role == 'tool' %}"
          + "{{- '<tool_response>\\n' + m.content + '\\n</tool_response>' }}"
          + "{%- else %}{{- m.content }}{%- for call in m.tool_calls or [] %}"
          + "{{- '\\n' if m.content or not loop.first }}"
          + "{{- '<tool_call>\\n{\"name\": ' + (call.function.name | tojson) + ', \"arguments\": '"
          + " + (call.function.arguments | tojson) + '}\\n</tool_call>' }}"
          + "{%- endfor %}{%- endif %}{{- '<|im_end|>\\n' }}{%- endif %}{%- endfor %}"
          + "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}";

  private final String source;
  private final Template template;
  private final Map<String, Object> constants;
  private final TemplateFeatures features;

  private ConversationTemplate(String source, String bos, String eos) {
    this.source = source;
    template = Template.compile(source);
    Map<String, Object> texts = new LinkedHashMap<>();
    texts.put("bos_token", Text.trusted(bos));
    texts.put("eos_token", Text.trusted(eos));
    constants = texts;
    features = TemplateFeatures.of(template, source, texts);
  }

  /**
   * Compiles a template.
   *
   * @param source Jinja
   * @param bos the text of the token that begins a document, or ""
   * @param eos the text of the token that ends one, or ""
   * @throws dev.jllm.api.TemplateException if the source is not valid, with line and column
   */
  public static ConversationTemplate of(String source, String bos, String eos) {
    return new ConversationTemplate(source, bos, eos);
  }

  /** What the template can do by itself; the rest is made up for within the messages. */
  public TemplateFeatures features() {
    return features;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public String render(List<Message> messages, List<ToolDefinition> tools) {
    return render(messages, tools, RenderOptions.defaults());
  }

  /** The text of a conversation. */
  public String render(List<Message> messages, List<ToolDefinition> tools, RenderOptions options) {
    return rendered(messages, tools, options).text();
  }

  /**
   * The text of a conversation in parts of alternating trust; in trusted parts alone, special
   * tokens are meant.
   *
   * @throws dev.jllm.api.TemplateException if the template refuses the conversation
   */
  public List<TextSpan> spans(
      List<Message> messages, List<ToolDefinition> tools, RenderOptions options) {
    List<TextSpan> spans = new ArrayList<>();
    for (Rendered.Span span : rendered(messages, tools, options).spans()) {
      spans.add(new TextSpan(span.text(), span.trusted()));
    }
    return spans;
  }

  private Rendered rendered(
      List<Message> messages, List<ToolDefinition> tools, RenderOptions options) {
    List<Message> adapted = Polyfills.apply(messages, tools, features);
    boolean withTools = !tools.isEmpty() && features.tools();
    Map<String, @Nullable Object> variables = new LinkedHashMap<>(constants);
    variables.put("messages", MessageVariables.messages(adapted, features));
    variables.put("tools", withTools ? MessageVariables.tools(tools) : null);
    variables.put("documents", options.documents().isEmpty() ? null : options.documents());
    variables.put("add_generation_prompt", options.generationPrompt());
    Boolean thinking = options.thinking();
    if (thinking != null) {
      // Most templates ask for the first name, those of DeepSeek and Granite for the second.
      variables.put("enable_thinking", thinking);
      variables.put("thinking", thinking);
    }
    if (source.contains("functions") && source.contains("datetime")) {
      // The template of Firefunction takes tools as text, and the date as a variable.
      variables.put("functions", tools.isEmpty() ? "" : Json.write(MessageVariables.tools(tools)));
      DateTimeFormatter format = DateTimeFormatter.ofPattern("MMM dd yyyy HH:mm:ss", Locale.ROOT);
      variables.put("datetime", options.clock().get().format(format) + " GMT");
    }
    variables.putAll(options.variables());
    return template.render(variables, Limits.DEFAULT, options.clock());
  }
}
