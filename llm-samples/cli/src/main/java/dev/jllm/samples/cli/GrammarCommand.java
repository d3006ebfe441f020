package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.grammar.Grammar;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jllm grammar}: which texts a grammar, JSON Schema or regular expression accepts. */
@Command(
    name = "grammar",
    mixinStandardHelpOptions = true,
    description = "Says which texts a grammar, JSON Schema or regular expression accepts.")
final class GrammarCommand implements Runnable {
  @Option(
      names = "--jsonl",
      required = true,
      paramLabel = "IN",
      description =
          "Lines of {\"grammar\"|\"schema\"|\"regex\", \"inputs\"}, answered by {\"accepted\"} or"
              + " {\"error\"}.")
  Path jsonl;

  @Override
  public void run() {
    JsonLines.answer(jsonl, GrammarCommand::answer);
  }

  private static ObjectNode answer(JsonNode request) {
    Grammar grammar = grammar(request);
    ObjectNode reply = JsonLines.MAPPER.createObjectNode();
    ArrayNode accepted = reply.putArray("accepted");
    for (JsonNode input : request.path("inputs")) {
      accepted.add(grammar.matches(input.asText()));
    }
    return reply;
  }

  private static Grammar grammar(JsonNode request) {
    if (request.has("grammar")) {
      return Grammar.gbnf(request.get("grammar").asText());
    }
    if (request.has("regex")) {
      return Grammar.regex(request.get("regex").asText());
    }
    if (request.has("schema")) {
      return Grammar.jsonSchema(request.get("schema").toString());
    }
    throw new IllegalArgumentException("Expected \"grammar\", \"schema\" or \"regex\"");
  }
}
