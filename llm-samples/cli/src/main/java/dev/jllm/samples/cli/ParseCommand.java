package dev.jllm.samples.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.chat.parse.OutputFormat;
import dev.jllm.core.chat.parse.OutputFormats;
import dev.jllm.core.chat.parse.OutputListener;
import dev.jllm.core.chat.parse.OutputParser;
import dev.jllm.core.chat.parse.ParsedCall;
import dev.jllm.core.chat.parse.ParsedOutput;
import dev.jllm.core.chat.parse.ToolSchemas;
import dev.jllm.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jllm parse}: what the text that a model wrote stands for. */
@Command(
    name = "parse",
    description = "Tells content, reasoning and tool calls in what a model wrote.")
final class ParseCommand implements Runnable {
  /** Where the chat template comes from. */
  static final class Source {
    @Option(
        names = {"-m", "--model"},
        paramLabel = "FILE",
        description = "A GGUF file with a chat template.")
    @Nullable Path model;

    @Option(names = "--template", paramLabel = "FILE", description = "A chat template (Jinja).")
    @Nullable Path template;
  }

  @ArgGroup(multiplicity = "0..1")
  Source source = new Source();

  @Option(
      names = "--jsonl",
      paramLabel = "FILE",
      required = true,
      description =
          "Requests, one a line: {\"text\", \"tools\"?, \"generation_prompt\"?, \"partial\"?}.")
  Path requests = Path.of("-");

  @Override
  public void run() {
    OutputFormat format = OutputFormats.forTemplate(template());
    JsonLines.answer(requests, request -> answer(format, request));
  }

  private String template() {
    Path model = source.model;
    Path file = source.template;
    if (file != null) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new IllegalArgumentException("Cannot read the template " + file, e);
      }
    }
    try (GgufFile gguf = GgufFile.open(model == null ? DemoModel.file() : model)) {
      String template = gguf.metadata().string("tokenizer.chat_template");
      if (template == null) {
        throw new IllegalArgumentException(
            model + " has no chat template (tokenizer.chat_template); give one with --template");
      }
      return template;
    }
  }

  private static ObjectNode answer(OutputFormat format, JsonNode request) {
    OutputParser parser =
        new OutputParser(
            format,
            tools(request.path("tools")),
            request.path("generation_prompt").asText(""),
            new OutputListener() {});
    parser.feed(request.path("text").asText());
    ParsedOutput output = request.path("partial").asBoolean() ? parser.result() : parser.finish();
    ObjectNode reply = JsonLines.MAPPER.createObjectNode();
    reply.put("content", output.content());
    reply.put("reasoning_content", output.reasoning());
    ArrayNode calls = reply.putArray("tool_calls");
    for (ParsedCall call : output.calls()) {
      ObjectNode node = calls.addObject().put("name", call.name());
      if (call.complete()) {
        node.set("arguments", json(call.arguments()));
      } else {
        node.put("arguments", call.arguments());
      }
      if (call.id() != null) {
        node.put("id", call.id());
      }
    }
    return reply;
  }

  private static ToolSchemas tools(JsonNode tools) {
    if (!tools.isArray() || tools.isEmpty()) {
      return ToolSchemas.NONE;
    }
    List<Object> list = JsonLines.MAPPER.convertValue(tools, new TypeReference<List<Object>>() {});
    return ToolSchemas.ofTemplateTools(list);
  }

  private static JsonNode json(String text) {
    try {
      return JsonLines.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException("A complete call's arguments are no JSON: " + text, e);
    }
  }
}
