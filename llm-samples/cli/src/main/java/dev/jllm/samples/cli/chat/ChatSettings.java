package dev.jllm.samples.cli.chat;

import dev.jllm.api.GenerationRequest;
import dev.jllm.api.Thinking;
import dev.jllm.api.Tool;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What holds for the next replies; the conversation's commands change it. */
public final class ChatSettings {
  /** Whether tools may run. */
  enum ToolMode {
    OFF,
    ASK,
    ON
  }

  final List<Tool> tools;
  final Consumer<GenerationRequest.Builder> sampling;
  final int maxTokens;
  ToolMode toolMode = ToolMode.OFF;
  Thinking thinking = Thinking.unspecified();
  boolean speed;
  @Nullable String system;

  /**
   * @param tools what the model may call once tools are on
   * @param sampling sets how tokens are chosen
   * @param maxTokens tokens of a reply at most
   */
  public ChatSettings(
      List<Tool> tools, Consumer<GenerationRequest.Builder> sampling, int maxTokens) {
    this.tools = List.copyOf(tools);
    this.sampling = sampling;
    this.maxTokens = maxTokens;
  }

  /** Instructions to the model, or null. */
  public ChatSettings system(@Nullable String text) {
    system = text;
    return this;
  }

  /** Shows the speed after each reply. */
  public ChatSettings speed(boolean shown) {
    speed = shown;
    return this;
  }

  /**
   * Sets whether tools run.
   *
   * @param mode on, off or ask
   */
  public ChatSettings toolMode(String mode) {
    toolMode = ToolMode.valueOf(mode.toUpperCase(Locale.ROOT));
    return this;
  }

  /**
   * Sets whether and how long the model thinks.
   *
   * @param mode on, off, default, or a number of tokens
   * @throws IllegalArgumentException if it is none of these
   */
  public ChatSettings thinking(String mode) {
    switch (mode.toLowerCase(Locale.ROOT)) {
      case "on" -> thinking = Thinking.on();
      case "off" -> thinking = Thinking.off();
      case "default" -> thinking = Thinking.unspecified();
      default -> {
        try {
          thinking = Thinking.budget(Integer.parseInt(mode));
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException(
              "thinking is on, off, default or a number of tokens, not " + mode, e);
        }
      }
    }
    return this;
  }
}
