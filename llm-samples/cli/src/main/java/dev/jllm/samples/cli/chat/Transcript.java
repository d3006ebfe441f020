package dev.jllm.samples.cli.chat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.api.Message;
import dev.jllm.api.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a conversation to a file: JSON messages where the name ends so, else Markdown. */
final class Transcript {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Transcript() {}

  static void save(List<Message> messages, Path file) throws IOException {
    boolean json = file.toString().endsWith(".json");
    Files.writeString(file, json ? json(messages) : markdown(messages));
  }

  static String json(List<Message> messages) throws IOException {
    ArrayNode array = MAPPER.createArrayNode();
    for (Message message : messages) {
      ObjectNode node = array.addObject();
      node.put("role", message.role().templateName());
      node.put("content", message.content());
      if (message.reasoning() != null) {
        node.put("reasoning_content", message.reasoning());
      }
      if (message.toolCallId() != null) {
        node.put("tool_call_id", message.toolCallId());
      }
      if (message.name() != null) {
        node.put("name", message.name());
      }
      if (!message.toolCalls().isEmpty()) {
        ArrayNode calls = node.putArray("tool_calls");
        for (ToolCall call : message.toolCalls()) {
          ObjectNode one = calls.addObject();
          one.put("id", call.id());
          one.put("type", "function");
          one.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        }
      }
    }
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
  }

  static String markdown(List<Message> messages) {
    StringBuilder out = new StringBuilder();
    for (Message message : messages) {
      out.append("## ").append(message.role().templateName()).append("\n\n");
      String reasoning = message.reasoning();
      if (reasoning != null && !reasoning.isEmpty()) {
        out.append("> ").append(reasoning.strip().replace("\n", "\n> ")).append("\n\n");
      }
      if (!message.content().isEmpty()) {
        out.append(message.content()).append("\n\n");
      }
      for (ToolCall call : message.toolCalls()) {
        out.append("`").append(call.name()).append(' ').append(call.arguments()).append("`\n\n");
      }
    }
    return out.toString();
  }
}
