package dev.jllm.core.engine;

import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a model's conversations become tokens, and how its answers are read. */
interface Conversation {
  /**
   * A conversation written down, up to where the model continues.
   *
   * @param ids its tokens
   * @param output reads what the model writes then
   * @param calls what calls the model may or must write, or null where it may write none
   */
  record Prompt(int[] ids, OutputReader output, @Nullable OfferedCalls calls) {}

  /**
   * Writes {@code messages} down for {@code request}, whose own messages are among them already.
   *
   * @throws dev.jllm.api.TemplateException if the template refuses the conversation
   */
  Prompt prompt(List<Message> messages, GenerationRequest request);
}
