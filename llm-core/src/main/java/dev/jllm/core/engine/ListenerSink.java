package dev.jllm.core.engine;

import dev.jllm.api.GenerationListener;
import dev.jllm.api.ToolCall;

/** Passes the pieces on to a listener. */
final class ListenerSink implements Sink {
  private final GenerationListener listener;

  ListenerSink(GenerationListener listener) {
    this.listener = listener;
  }

  @Override
  public void promptProgress(int processed, int total) {
    listener.onPromptProgress(processed, total);
  }

  @Override
  public void token(int id) {
    listener.onToken(id);
  }

  @Override
  public void text(String piece) {
    listener.onText(piece);
  }

  @Override
  public void reasoning(String piece) {
    listener.onReasoning(piece);
  }

  @Override
  public void toolCall(ToolCall call) {
    listener.onToolCall(call);
  }

  @Override
  public void toolResult(ToolCall call, String result) {
    listener.onToolResult(call, result);
  }
}
