package dev.jllm.api;

import java.util.List;

/** How a model wants a conversation written down. Thread-safe. */
public interface ChatTemplate {
  /**
   * The text of a conversation, up to where the model continues.
   *
   * @throws TemplateException if the template refuses the conversation
   */
  String render(List<Message> messages, List<ToolDefinition> tools);

  /** {@link #render(List, List)} without tools. */
  default String render(List<Message> messages) {
    return render(messages, List.of());
  }

  /** The template's source. */
  String source();
}
