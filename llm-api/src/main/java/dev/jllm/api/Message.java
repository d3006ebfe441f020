package dev.jllm.api;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation. Immutable.
 *
 * <p>Content is data, never markup: text that looks like a control token stays text.
 */
public final class Message {
  private final Role role;
  private final String content;
  private final List<ContentPart> parts;
  private final @Nullable String reasoning;
  private final List<ToolCall> toolCalls;
  private final @Nullable String toolCallId;
  private final @Nullable String name;

  private Message(
      Role role,
      String content,
      @Nullable String reasoning,
      List<ToolCall> toolCalls,
      @Nullable String toolCallId,
      @Nullable String name) {
    this.role = Objects.requireNonNull(role, "role");
    this.content = Objects.requireNonNull(content, "content");
    this.parts = content.isEmpty() ? List.of() : List.of(ContentPart.text(content));
    this.reasoning = reasoning;
    this.toolCalls = List.copyOf(toolCalls);
    this.toolCallId = toolCallId;
    this.name = name;
  }

  private Message(Role role, List<ContentPart> parts) {
    this.role = role;
    this.parts = List.copyOf(parts);
    StringBuilder text = new StringBuilder();
    for (ContentPart part : this.parts) {
      if (part.kind() == ContentPart.Kind.TEXT) {
        text.append(text.length() > 0 ? "\n" : "").append(part.text());
      }
    }
    content = text.toString();
    reasoning = null;
    toolCalls = List.of();
    toolCallId = null;
    name = null;
  }

  /** Instructions to the model. */
  public static Message system(String content) {
    return new Message(Role.SYSTEM, content, null, List.of(), null, null);
  }

  /** What the user says. */
  public static Message user(String content) {
    return new Message(Role.USER, content, null, List.of(), null, null);
  }

  /**
   * What the user says and shows. A model that only reads refuses images and sound when it is asked
   * to answer.
   */
  public static Message user(ContentPart... parts) {
    return new Message(Role.USER, List.of(parts));
  }

  /** What the model said. */
  public static Message assistant(String content) {
    return new Message(Role.ASSISTANT, content, null, List.of(), null, null);
  }

  /** What the model said, thought and called. */
  public static Message assistant(
      String content, @Nullable String reasoning, List<ToolCall> toolCalls) {
    return new Message(Role.ASSISTANT, content, reasoning, toolCalls, null, null);
  }

  /** The result of {@code call}. */
  public static Message tool(ToolCall call, String result) {
    return new Message(Role.TOOL, result, null, List.of(), call.id(), call.name());
  }

  /** Who says it. */
  public Role role() {
    return role;
  }

  /** The text; empty where there is none. Several parts of text are put on lines of their own. */
  public String content() {
    return content;
  }

  /** The parts; none where there is no text. */
  public List<ContentPart> parts() {
    return parts;
  }

  /** What the model thought before it answered, or null. */
  public @Nullable String reasoning() {
    return reasoning;
  }

  /** The tools the model asked for, in order. */
  public List<ToolCall> toolCalls() {
    return toolCalls;
  }

  /** The {@link ToolCall#id()} that a tool's result answers, or null. */
  public @Nullable String toolCallId() {
    return toolCallId;
  }

  /** The tool's name in a tool's result, or null. */
  public @Nullable String name() {
    return name;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Message m
        && role == m.role
        && content.equals(m.content)
        && parts.equals(m.parts)
        && Objects.equals(reasoning, m.reasoning)
        && toolCalls.equals(m.toolCalls)
        && Objects.equals(toolCallId, m.toolCallId)
        && Objects.equals(name, m.name);
  }

  @Override
  public int hashCode() {
    return Objects.hash(role, parts, reasoning, toolCalls, toolCallId, name);
  }

  @Override
  public String toString() {
    return role.templateName() + ": " + content + (toolCalls.isEmpty() ? "" : " " + toolCalls);
  }
}
