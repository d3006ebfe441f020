package dev.jllm.core.engine;

import dev.jllm.api.ToolCall;
import dev.jllm.core.chat.parse.OutputFormat;
import dev.jllm.core.chat.parse.OutputListener;
import dev.jllm.core.chat.parse.OutputParser;
import dev.jllm.core.chat.parse.ParsedCall;
import dev.jllm.core.chat.parse.ToolSchemas;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a chat model's output apart by the marks of its family. */
final class ParsingOutput implements OutputReader, OutputListener {
  private final OutputFormat format;
  private final OutputParser parser;
  private final int callsBefore;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();
  private Sink sink = Sink.NONE;

  /**
   * Creates a reader for one answer.
   *
   * @param generationPrompt what the template wrote after the last message
   * @param callsBefore calls in the conversation so far, to number new ones
   */
  ParsingOutput(OutputFormat format, ToolSchemas tools, String generationPrompt, int callsBefore) {
    this.format = format;
    this.callsBefore = callsBefore;
    parser = new OutputParser(format, tools, generationPrompt, this);
  }

  @Override
  public void accept(String piece, Sink newSink) {
    sink = newSink;
    parser.feed(piece);
  }

  @Override
  public void finish(boolean cut, Sink newSink) {
    sink = newSink;
    if (!cut) {
      parser.finish();
    }
  }

  @Override
  public void content(String delta) {
    text.append(delta);
    sink.text(delta);
  }

  @Override
  public void reasoning(String delta) {
    reasoning.append(delta);
    sink.reasoning(delta);
  }

  @Override
  public void callEnded(int index, ParsedCall call) {
    if (!call.complete()) {
      return;
    }
    String id = call.id() == null ? id(callsBefore + calls.size()) : call.id();
    ToolCall complete = new ToolCall(id, call.name(), call.arguments());
    calls.add(complete);
    sink.toolCall(complete);
  }

  /** Nine letters and digits, which is what the strictest templates want. */
  private static String id(int number) {
    String digits = Integer.toString(number);
    return "call" + "00000".substring(Math.min(5, digits.length())) + digits;
  }

  @Override
  public String text() {
    return text.toString();
  }

  @Override
  public @Nullable String reasoning() {
    String all = reasoning.toString().trim();
    return all.isEmpty() ? null : all;
  }

  @Override
  public List<ToolCall> toolCalls() {
    return List.copyOf(calls);
  }

  @Override
  public boolean inReasoning() {
    return parser.isReasoning();
  }

  @Override
  public @Nullable String reasoningEnd() {
    return parser.reasoningEnd();
  }

  @Override
  public boolean shows(String controlToken) {
    return format.mentions(controlToken);
  }
}
