package dev.jllm.core.engine;

import dev.jllm.api.ChatTemplate;
import dev.jllm.api.ContentPart;
import dev.jllm.api.Document;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Message;
import dev.jllm.api.ResponseFormat;
import dev.jllm.api.Role;
import dev.jllm.api.TemplateException;
import dev.jllm.api.Thinking;
import dev.jllm.api.ToolChoice;
import dev.jllm.api.ToolDefinition;
import dev.jllm.api.ToolException;
import dev.jllm.api.UnsupportedModelException;
import dev.jllm.core.chat.ConversationTemplate;
import dev.jllm.core.chat.RenderOptions;
import dev.jllm.core.chat.constrain.CallGrammar;
import dev.jllm.core.chat.parse.OutputFormat;
import dev.jllm.core.chat.parse.OutputFormats;
import dev.jllm.core.chat.parse.ToolSchemas;
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
  private final ConversationTemplate template;
  private final OutputFormat format;
  private final TextTokenizer tokenizer;
  private final String bos;

  /**
   * Compiles the template.
   *
   * @throws TemplateException if it is no valid template, with line and column
   */
  TemplateConversation(String source, TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
    bos = special(SpecialToken.BOS);
    template = ConversationTemplate.of(source, bos, special(SpecialToken.EOS));
    OutputFormat own = OutputFormats.forTemplate(source);
    // A template without tools is made up for with tools in the form of Hermes.
    format =
        template.features().tools() || CallGrammar.canCall(own)
            ? own
            : OutputFormats.withHermesCalls(own);
  }

  private String special(SpecialToken role) {
    int id = tokenizer.vocabulary().special(role);
    return id == Vocabulary.NONE ? "" : tokenizer.vocabulary().text(id);
  }

  @Override
  public Prompt prompt(List<Message> conversation, GenerationRequest request) {
    requireText(conversation);
    boolean explained = !request.documents().isEmpty() && !template.source().contains("documents");
    List<Message> messages =
        explained ? withDocuments(conversation, request.documents()) : conversation;
    List<ToolDefinition> tools =
        request.toolChoice().equals(ToolChoice.NONE) ? List.of() : request.toolDefinitions();
    RenderOptions options = options(request);
    List<TextSpan> spans = spans(messages, tools, options);
    StringBuilder text = new StringBuilder();
    spans.forEach(span -> text.append(span.text()));
    // Many templates write the token that begins a text themselves; it must not stand there twice.
    boolean begins =
        !bos.isEmpty()
            && !spans.isEmpty()
            && spans.get(0).trusted()
            && spans.get(0).text().startsWith(bos);
    int[] ids = tokenizer.encode(spans, !begins && tokenizer.vocabulary().addsBos());
    int calls = 0;
    for (Message message : messages) {
      calls += message.toolCalls().size();
    }
    ToolSchemas schemas = tools.isEmpty() ? ToolSchemas.NONE : ToolSchemas.of(tools);
    String generationPrompt = generationPrompt(messages, tools, options, text.toString());
    return new Prompt(
        ids,
        new ParsingOutput(format, schemas, generationPrompt, calls),
        offered(schemas, request.toolChoice(), generationPrompt));
  }

  private List<TextSpan> spans(
      List<Message> messages, List<ToolDefinition> tools, RenderOptions options) {
    try {
      return template.spans(messages, tools, options);
    } catch (TemplateException e) {
      throw new TemplateException("the chat template refuses: " + e.getMessage(), e);
    }
  }

  /**
   * @throws UnsupportedModelException if a message holds what this model cannot read
   */
  private static void requireText(List<Message> messages) {
    for (int i = 0; i < messages.size(); i++) {
      for (ContentPart part : messages.get(i).parts()) {
        if (part.kind() != ContentPart.Kind.TEXT) {
          throw new UnsupportedModelException(
              "message "
                  + (i + 1)
                  + " holds "
                  + (part.kind() == ContentPart.Kind.IMAGE ? "an image (" : "sound (")
                  + part.mediaType()
                  + "), but this model reads text alone; describe it in words");
        }
      }
    }
  }

  /** Documents in the system message, for templates that do not know of any. */
  private static List<Message> withDocuments(List<Message> messages, List<Document> documents) {
    List<Message> all = new ArrayList<>(messages);
    boolean hasSystem = !all.isEmpty() && all.get(0).role() == Role.SYSTEM;
    StringBuilder text = new StringBuilder(hasSystem ? all.remove(0).content() + "\n\n" : "");
    text.append("Answer from these documents:");
    for (Document document : documents) {
      text.append("\n\n# ").append(document.title()).append('\n').append(document.text());
    }
    all.add(0, Message.system(text.toString()));
    return all;
  }

  /** With the keys that published templates ask for. */
  private static List<Map<String, Object>> variables(List<Document> documents) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Document document : documents) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("doc_id", String.valueOf(list.size() + 1));
      one.put("title", document.title());
      one.put("text", document.text());
      list.add(one);
    }
    return list;
  }

  /**
   * @throws ToolException if a tool is demanded that is not offered, or of a model that has no
   *     calls
   */
  private @Nullable OfferedCalls offered(ToolSchemas tools, ToolChoice choice, String prompt) {
    String one = choice.tool();
    boolean demanded = one != null || choice.equals(ToolChoice.REQUIRED);
    ToolSchemas callable = one == null ? tools : tools.only(one);
    if (demanded && callable.isEmpty()) {
      throw new ToolException(
          "the tool choice "
              + choice
              + " cannot be met: the request offers "
              + (tools.isEmpty() ? "no tools" : "the tools " + tools.names()));
    }
    if (!CallGrammar.canCall(format)) {
      if (demanded) {
        throw new ToolException(
            "the tool choice "
                + choice
                + " cannot be met: the model's chat template shows no form of calls");
      }
      return null;
    }
    return callable.isEmpty() ? null : new OfferedCalls(format, callable, demanded, prompt);
  }

  /** A format is meant for the answer: a model that could think first does so only if asked to. */
  private static RenderOptions options(GenerationRequest request) {
    RenderOptions options = RenderOptions.defaults();
    Thinking thinking = request.thinking();
    boolean free = request.responseFormat().kind() == ResponseFormat.Kind.TEXT;
    if (!thinking.isUnspecified() || !free) {
      options = options.withThinking(!thinking.isUnspecified() && thinking.isEnabled());
    }
    if (!request.documents().isEmpty()) {
      options = options.withDocuments(variables(request.documents()));
    }
    for (Map.Entry<String, Object> variable : request.templateVariables().entrySet()) {
      options = options.with(variable.getKey(), variable.getValue());
    }
    return options;
  }

  /** What the template adds for the model to continue, which may open a thought. */
  private String generationPrompt(
      List<Message> messages, List<ToolDefinition> tools, RenderOptions options, String whole) {
    try {
      String text = template.render(messages, tools, options.withGenerationPrompt(false));
      return whole.startsWith(text) ? whole.substring(text.length()) : "";
    } catch (TemplateException needsAGenerationPrompt) {
      return "";
    }
  }

  @Override
  public String render(List<Message> messages, List<ToolDefinition> tools) {
    return template.render(messages, tools);
  }

  @Override
  public String source() {
    return template.source();
  }
}
