package dev.jllm.core.chat;

import dev.jllm.api.Message;
import dev.jllm.api.Role;
import dev.jllm.api.ToolCall;
import dev.jllm.api.ToolDefinition;
import dev.jllm.core.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes into the messages what a template has no place for: tools are explained in the system
 * message, calls and results become text in the form of Hermes ({@code <tool_call>} and {@code
 * <tool_response>}), and a system message is put in front of the first user message.
 */
final class Polyfills {
  private Polyfills() {}

  static List<Message> apply(
      List<Message> messages, List<ToolDefinition> tools, TemplateFeatures features) {
    List<Message> result = new ArrayList<>();
    for (Message message : messages) {
      boolean calls = !message.toolCalls().isEmpty() && !features.toolCalls();
      boolean answer = message.role() == Role.TOOL && !features.toolResults();
      if (calls) {
        result.add(Message.assistant(withCalls(message), message.reasoning(), List.of()));
      } else if (answer) {
        result.add(Message.user("<tool_response>\n" + message.content() + "\n</tool_response>"));
      } else {
        result.add(message);
      }
    }
    if (!tools.isEmpty() && !features.tools()) {
      explainTools(result, tools);
    }
    return features.systemRole() ? result : foldSystem(result);
  }

  private static String withCalls(Message message) {
    StringBuilder text = new StringBuilder(message.content());
    for (ToolCall call : message.toolCalls()) {
      text.append(text.length() > 0 ? "\n" : "");
      text.append("<tool_call>\n{\"name\": ").append(Json.quote(call.name()));
      text.append(", \"arguments\": ").append(call.arguments()).append("}\n</tool_call>");
    }
    return text.toString();
  }

  private static void explainTools(List<Message> messages, List<ToolDefinition> tools) {
    StringBuilder text = new StringBuilder();
    boolean hasSystem = !messages.isEmpty() && messages.get(0).role() == Role.SYSTEM;
    if (hasSystem) {
      text.append(messages.remove(0).content()).append("\n\n");
    }
    text.append("You can call these tools:\n<tools>\n");
    for (Object tool : MessageVariables.tools(tools)) {
      Json.write(tool, text);
      text.append('\n');
    }
    Map<String, Object> example = new LinkedHashMap<>();
    example.put("name", "the tool's name");
    example.put("arguments", Map.of("parameter", "value"));
    text.append("</tools>\nTo call one, write:\n<tool_call>\n");
    Json.write(example, text);
    text.append("\n</tool_call>");
    messages.add(0, Message.system(text.toString()));
  }

  private static List<Message> foldSystem(List<Message> messages) {
    List<Message> result = new ArrayList<>();
    StringBuilder system = new StringBuilder();
    for (Message message : messages) {
      if (message.role() == Role.SYSTEM) {
        system.append(system.length() > 0 ? "\n\n" : "").append(message.content());
      } else if (message.role() == Role.USER && system.length() > 0) {
        result.add(Message.user(system.append("\n\n").append(message.content()).toString()));
        system.setLength(0);
      } else {
        result.add(message);
      }
    }
    if (system.length() > 0) {
      result.add(Message.user(system.toString()));
    }
    return result;
  }
}
