package dev.jllm.core.chat;

import dev.jllm.api.ContentPart;
import dev.jllm.api.Message;
import dev.jllm.api.Role;
import dev.jllm.api.ToolCall;
import dev.jllm.api.ToolDefinition;
import dev.jllm.core.chat.jinja.Text;
import dev.jllm.core.json.Json;
import dev.jllm.core.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages and tools as the variables of a template: the shape of OpenAI's chat messages, which is
 * what templates are written for. Roles are the library's own words and trusted, all else is not.
 */
final class MessageVariables {
  private MessageVariables() {}

  static List<Object> tools(List<ToolDefinition> tools) {
    List<Object> list = new ArrayList<>();
    for (ToolDefinition tool : tools) {
      Map<String, @Nullable Object> function = new LinkedHashMap<>();
      function.put("name", tool.name());
      function.put("description", tool.description());
      function.put("parameters", json(tool.parametersSchema()));
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("type", "function");
      entry.put("function", function);
      list.add(entry);
    }
    return list;
  }

  static List<Object> messages(List<Message> messages, TemplateFeatures features) {
    List<Object> list = new ArrayList<>();
    CallIds ids = new CallIds(features.shortCallIds());
    for (Message message : messages) {
      list.add(message(message, features, ids));
    }
    return list;
  }

  private static Map<String, @Nullable Object> message(
      Message message, TemplateFeatures features, CallIds ids) {
    Map<String, @Nullable Object> m = new LinkedHashMap<>();
    m.put("role", Text.trusted(message.role().templateName()));
    m.put("content", content(message, features));
    String reasoning = message.reasoning();
    if (reasoning != null) {
      m.put(features.reasoningKey(), reasoning);
    }
    if (!message.toolCalls().isEmpty()) {
      List<Object> calls = new ArrayList<>();
      message.toolCalls().forEach(call -> calls.add(call(call, features, ids)));
      m.put("tool_calls", calls);
    }
    String answered = message.toolCallId();
    if (answered != null) {
      m.put("tool_call_id", ids.of(answered));
    }
    String name = message.name();
    if (name != null) {
      m.put("name", name);
    }
    return m;
  }

  private static @Nullable Object content(Message message, TemplateFeatures features) {
    boolean callsOnly = message.content().isEmpty() && !message.toolCalls().isEmpty();
    if (callsOnly && features.nullContent()) {
      return null;
    }
    if (features.contentParts() && message.role() != Role.TOOL) {
      List<Object> parts = new ArrayList<>();
      for (ContentPart text : message.parts()) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("type", "text");
        part.put("text", text.text());
        parts.add(part);
      }
      if (parts.isEmpty()) {
        parts.add(Map.of("type", "text", "text", ""));
      }
      return parts;
    }
    return message.content();
  }

  private static Map<String, Object> call(ToolCall call, TemplateFeatures features, CallIds ids) {
    Map<String, @Nullable Object> function = new LinkedHashMap<>();
    function.put("name", call.name());
    function.put(
        "arguments", features.textArguments() ? call.arguments() : arguments(call.arguments()));
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", ids.of(call.id()));
    entry.put("type", "function");
    entry.put("function", function);
    return entry;
  }

  /** The arguments as an object; what is none is kept under a key of its own. */
  private static Map<?, ?> arguments(String text) {
    Object value = json(text);
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    Map<String, Object> kept = new LinkedHashMap<>();
    if (!text.trim().isEmpty()) {
      kept.put("arguments", text);
    }
    return kept;
  }

  private static @Nullable Object json(String text) {
    try {
      return Json.parse(text);
    } catch (JsonException e) {
      return text;
    }
  }

  /** Ids of calls: as they are, or nine letters and digits, as some templates insist on. */
  private static final class CallIds {
    private static final int SHORT = 9;

    private final boolean shortened;
    private final Map<String, String> given = new LinkedHashMap<>();

    CallIds(boolean shortened) {
      this.shortened = shortened;
    }

    String of(String id) {
      return shortened ? given.computeIfAbsent(id, this::shortId) : id;
    }

    private String shortId(String id) {
      boolean fits =
          id.length() == SHORT
              && id.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c));
      if (fits) {
        return id;
      }
      String number = String.valueOf(given.size());
      return "call00000".substring(0, SHORT - number.length()) + number;
    }
  }
}
