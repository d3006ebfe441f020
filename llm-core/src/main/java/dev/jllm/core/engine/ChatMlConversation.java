package dev.jllm.core.engine;

import dev.jllm.api.ChatTemplate;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Message;
import dev.jllm.api.ToolDefinition;
import dev.jllm.core.token.TextSpan;
import dev.jllm.core.token.TextTokenizer;
import java.util.ArrayList;
import java.util.List;

/** Conversations in ChatML, for models that have no template. */
final class ChatMlConversation implements Conversation, ChatTemplate {
  private final TextTokenizer tokenizer;

  ChatMlConversation(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public Prompt prompt(List<Message> messages, GenerationRequest request) {
    return new Prompt(tokenizer.encode(spans(messages), true), new PlainOutput());
  }

  private static List<TextSpan> spans(List<Message> messages) {
    List<TextSpan> spans = new ArrayList<>();
    for (Message message : messages) {
      spans.add(new TextSpan("<|im_start|>" + message.role().templateName() + "\n", true));
      spans.add(new TextSpan(message.content(), false));
      spans.add(new TextSpan("<|im_end|>\n", true));
    }
    spans.add(new TextSpan("<|im_start|>assistant\n", true));
    return spans;
  }

  @Override
  public String render(List<Message> messages, List<ToolDefinition> tools) {
    StringBuilder text = new StringBuilder();
    for (TextSpan span : spans(messages)) {
      text.append(span.text());
    }
    return text.toString();
  }

  @Override
  public String source() {
    return "";
  }
}
