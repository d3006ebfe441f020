package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.token.TextTokenizer;
import dev.jllm.core.token.Tokenizers;
import dev.jllm.gguf.GgufFile;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code jllm tokenize}: a text's tokens. */
@Command(
    name = "tokenize",
    mixinStandardHelpOptions = true,
    description = "Shows the tokens of a text.")
final class TokenizeCommand implements Runnable {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      description = "A GGUF file, whose vocabulary is used; without it, the demo model.")
  @Nullable Path model;

  @ArgGroup(multiplicity = "1")
  @Nullable Input input;

  static final class Input {
    @Option(names = "--text", description = "The text.")
    @Nullable String text;

    @Option(
        names = "--jsonl",
        paramLabel = "IN",
        description = "Answers each line {\"text\", \"add_special\", \"parse_special\"} by a line.")
    @Nullable Path jsonl;
  }

  @Option(names = "--add-special", description = "Adds what the model wants around a text.")
  boolean addSpecial;

  @Option(names = "--parse-special", description = "Recognises control tokens in the text.")
  boolean parseSpecial;

  @Option(names = "--ids", description = "Shows the ids beneath the coloured pieces.")
  boolean ids;

  @Option(names = "--json", description = "Prints one JSON object instead of lines.")
  boolean json;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    TextTokenizer tokenizer = open();
    Input in = input;
    if (in != null && in.jsonl != null) {
      JsonLines.answer(in.jsonl, request -> answer(tokenizer, request));
      return;
    }
    String text = in == null || in.text == null ? "" : in.text;
    int[] tokens = tokenizer.encode(text, addSpecial, parseSpecial);
    PrintWriter out =
        new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), false);
    if (json) {
      out.println(describe(tokenizer, tokens));
    } else if (Ansi.AUTO.enabled()) {
      new TokenColours(tokenizer, out).print(tokens, ids);
    } else {
      for (int id : tokens) {
        out.println(id + "\t" + TokenColours.visible(tokenizer, id));
      }
    }
    out.flush();
  }

  private TextTokenizer open() {
    Path file = model == null ? DemoModel.file() : model;
    try (GgufFile gguf = GgufFile.open(file)) {
      return Tokenizers.of(gguf.metadata());
    }
  }

  private static ObjectNode answer(TextTokenizer tokenizer, JsonNode request) {
    int[] tokens =
        tokenizer.encode(
            request.path("text").asText(),
            request.path("add_special").asBoolean(),
            request.path("parse_special").asBoolean());
    return describe(tokenizer, tokens);
  }

  private static ObjectNode describe(TextTokenizer tokenizer, int[] tokens) {
    ObjectNode reply = JsonLines.MAPPER.createObjectNode();
    ArrayNode list = reply.putArray("ids");
    for (int id : tokens) {
      list.add(id);
    }
    reply.put("pieces_text", tokenizer.decode(tokens, 0, tokens.length, false, true));
    reply.put("plain_text", tokenizer.decode(tokens, 0, tokens.length, true, false));
    return reply;
  }
}
