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

/** Reads what a model writes by the marks of its family. */
final class MarkedOutput implements OutputReader {
  private final OutputParser parser;
  private final String idPrefix;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();
  private Sink sink = Sink.NONE;

  /**
   * @param generationPrompt the end of the prompt, which the template wrote for the model
   * @param idPrefix begins the ids of calls to which the model gave none
   */
  MarkedOutput(OutputFormat format, ToolSchemas tools, String generationPrompt, String idPrefix) {
    this.idPrefix = idPrefix;
    this.parser = new OutputParser(format, tools, generationPrompt, new Listener());
  }

  @Override
  public void accept(String piece, Sink to) {
    if (!piece.isEmpty()) {
      sink = to;
      parser.feed(piece);
    }
  }

  @Override
  public void finish(Sink to) {
    sink = to;
    parser.finish();
  }

  @Override
  public String text() {
    return text.toString();
  }

  @Override
  public @Nullable String reasoning() {
    return reasoning.length() == 0 ? null : reasoning.toString();
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
  public boolean readsControlTokens() {
    return true;
  }

  private final class Listener implements OutputListener {
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
      // Arguments that were cut off or are no JSON are handed on as they are: whoever runs the tool
      // tells the model.
      String id = call.id();
      ToolCall made =
          new ToolCall(id == null ? idPrefix + index : id, call.name(), call.arguments());
      calls.add(made);
      sink.toolCall(made);
    }
  }
}
