package dev.jllm.core.engine;

import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Message;
import java.util.List;

/** How a model's conversations become tokens, and how its answers are read. */
interface Conversation {
  /**
   * A conversation written down, up to where the model continues.
   *
   * @param ids its tokens
   * @param output reads what the model writes then
   */
  record Prompt(int[] ids, OutputReader output) {}

  /**
   * Writes {@code messages} down for {@code request}, whose own messages are among them already.
   *
   * @throws dev.jllm.api.TemplateException if the template refuses the conversation
   */
  Prompt prompt(List<Message> messages, GenerationRequest request);
}
