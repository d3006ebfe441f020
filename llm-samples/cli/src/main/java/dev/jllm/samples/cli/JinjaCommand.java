package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.chat.jinja.Limits;
import dev.jllm.core.chat.jinja.Template;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jllm jinja}: renders templates. */
@Command(name = "jinja", description = "Renders Jinja templates with their contexts.")
final class JinjaCommand implements Runnable {
  @Option(
      names = "--jsonl",
      paramLabel = "FILE",
      required = true,
      description = "Requests, one a line: {\"template\", \"context\", \"now\"?}.")
  Path requests = Path.of("-");

  @Override
  public void run() {
    JsonLines.answer(requests, JinjaCommand::answer);
  }

  private static ObjectNode answer(JsonNode request) {
    Template template = Template.compile(request.path("template").asText());
    String text =
        template
            .render(
                RenderCommand.variables(request.path("context")),
                Limits.DEFAULT,
                RenderCommand.clock(request))
            .text();
    return JsonLines.MAPPER.createObjectNode().put("text", text);
  }
}
