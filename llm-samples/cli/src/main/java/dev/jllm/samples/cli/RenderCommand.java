package dev.jllm.samples.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.chat.jinja.Limits;
import dev.jllm.core.chat.jinja.Template;
import dev.jllm.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jllm render}: conversations as a model's chat template writes them. */
@Command(name = "render", description = "Renders conversations with a chat template.")
final class RenderCommand implements Runnable {
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
          "Variables, one object a line: {\"messages\", \"tools\", \"add_generation_prompt\", …,"
              + " \"now\"?}.")
  Path requests = Path.of("-");

  @Override
  public void run() {
    Template template = Template.compile(template());
    JsonLines.answer(requests, request -> answer(template, request));
  }

  private static ObjectNode answer(Template template, JsonNode request) {
    Map<String, @Nullable Object> variables = variables(request);
    variables.remove("now");
    String text = template.render(variables, Limits.DEFAULT, clock(request)).text();
    return JsonLines.MAPPER.createObjectNode().put("text", text);
  }

  static Map<String, @Nullable Object> variables(JsonNode object) {
    return JsonLines.MAPPER.convertValue(
        object, new TypeReference<LinkedHashMap<String, @Nullable Object>>() {});
  }

  /** The time that the request gives in "now", else the system's. */
  static Supplier<LocalDateTime> clock(JsonNode request) {
    JsonNode now = request.path("now");
    if (!now.isTextual()) {
      return LocalDateTime::now;
    }
    LocalDateTime time = LocalDateTime.parse(now.asText());
    return () -> time;
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
}
