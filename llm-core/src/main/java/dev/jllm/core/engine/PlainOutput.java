package dev.jllm.core.engine;

import dev.jllm.api.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All text is the answer. */
final class PlainOutput implements OutputReader {
  private final StringBuilder text = new StringBuilder();

  @Override
  public void accept(String piece, Sink sink) {
    if (!piece.isEmpty()) {
      text.append(piece);
      sink.text(piece);
    }
  }

  @Override
  public void finish(boolean cut, Sink sink) {}

  @Override
  public String text() {
    return text.toString();
  }

  @Override
  public @Nullable String reasoning() {
    return null;
  }

  @Override
  public List<ToolCall> toolCalls() {
    return List.of();
  }

  @Override
  public boolean inReasoning() {
    return false;
  }

  @Override
  public @Nullable String reasoningEnd() {
    return null;
  }

  @Override
  public boolean shows(String controlToken) {
    return false;
  }
}
