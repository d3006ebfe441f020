package dev.jllm.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a generation wrote.
 *
 * @param text the answer, without reasoning, tool calls and special tokens
 * @param reasoning what the model thought before it answered, or null
 * @param toolCalls the tools it asked for; empty where none, or where the engine ran them
 * @param finishReason why it ended
 * @param promptTokens the prompt as token ids
 * @param outputTokens the output as token ids, the end-of-generation token not included
 * @param logprobs one entry an output token if the request asked for them, else empty
 * @param usage tokens counted
 * @param timings where the time went
 */
public record GenerationResult(
    String text,
    @Nullable String reasoning,
    List<ToolCall> toolCalls,
    FinishReason finishReason,
    List<Integer> promptTokens,
    List<Integer> outputTokens,
    List<TokenLogprob> logprobs,
    Usage usage,
    Timings timings) {
  /** The message to append to the conversation. */
  public Message message() {
    return Message.assistant(text, reasoning, toolCalls);
  }

  /**
   * The answer as a value of {@code type}, whose {@link ResponseFormat#of} the request had.
   *
   * @throws AnswerFormatException if the answer is no such value, for instance because it was cut
   *     off
   */
  public <T> T as(Class<T> type) {
    return TypedAnswer.read(this, type);
  }
}
