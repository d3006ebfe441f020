package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationListener;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.Model;
import dev.jllm.api.ResponseFormat;
import dev.jllm.api.Timings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jllm generate}: a completion, streamed. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Continues a text, or answers a user (--chat).")
final class GenerateCommand implements Callable<Integer> {
  @Mixin ModelOptions model = new ModelOptions();
  @Mixin SamplingOptions sampling = new SamplingOptions();

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      required = true,
      description = "The text to continue, or what the user says.")
  String prompt = "";

  @Option(names = "-n", paramLabel = "N", description = "Tokens to write at most (default 256).")
  int tokens = 256;

  @ArgGroup(exclusive = true)
  Mode mode = new Mode();

  /** Whether the prompt is written down by the chat template. */
  static final class Mode {
    @Option(names = "--chat", description = "The prompt is what a user says.")
    boolean chat;

    @Option(names = "--raw", description = "The prompt is a text to continue (the default).")
    boolean raw;
  }

  @Option(names = "--system", paramLabel = "TEXT", description = "Instructions, with --chat.")
  @Nullable String system;

  @Option(names = "--stop", paramLabel = "TEXT", description = "A text that ends the generation.")
  List<String> stops = new ArrayList<>();

  @Option(names = "--parse-special", description = "Control tokens in the prompt are recognised.")
  boolean parseSpecial;

  @Option(names = "--ignore-eos", description = "Goes on after the end of the text.")
  boolean ignoreEnd;

  @ArgGroup(exclusive = true)
  Format format = new Format();

  /** What form the answer must have. */
  static final class Format {
    @Option(
        names = "--json-schema",
        paramLabel = "SCHEMA",
        description = "The answer is JSON under this schema (text, or @FILE).")
    @Nullable String schema;

    @Option(
        names = "--grammar",
        paramLabel = "GBNF",
        description = "The answer follows this grammar (text, or @FILE).")
    @Nullable String grammar;

    @Option(
        names = "--regex",
        paramLabel = "PATTERN",
        description = "The answer matches this expression.")
    @Nullable String regex;
  }

  @Option(names = "--json", description = "Prints one JSON object instead of streaming.")
  boolean json;

  @Option(names = "--stats", description = "Prints tokens and speed to stderr.")
  boolean stats;

  @Override
  public Integer call() throws IOException {
    GenerationRequest request = request();
    try (Model loaded = model.load()) {
      if (json) {
        print(loaded.generate(request));
        return 0;
      }
      PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
      if (!mode.chat) {
        out.print(prompt);
        out.flush();
      }
      GenerationResult result;
      try (ProgressBar bar = new ProgressBar("prompt")) {
        result = loaded.submit(request, new Printer(out, bar)).result().join();
      }
      out.println();
      out.flush();
      if (stats) {
        System.err.println(speeds(result));
      }
      return 0;
    } catch (java.util.concurrent.CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private GenerationRequest request() throws IOException {
    GenerationRequest.Builder b =
        GenerationRequest.builder().maxNewTokens(tokens).ignoreEndOfGeneration(ignoreEnd);
    if (mode.chat) {
      if (system != null) {
        b.system(system);
      }
      b.user(prompt);
    } else if (parseSpecial) {
      b.promptWithControlTokens(prompt);
    } else {
      b.prompt(prompt);
    }
    sampling.apply(b);
    b.stop(stops.toArray(new String[0]));
    if (format.schema != null) {
      b.responseFormat(ResponseFormat.jsonSchema(textOrFile(format.schema)));
    } else if (format.grammar != null) {
      b.responseFormat(ResponseFormat.grammar(textOrFile(format.grammar)));
    } else if (format.regex != null) {
      b.responseFormat(ResponseFormat.regex(format.regex));
    }
    return b.build();
  }

  private static String textOrFile(String value) throws IOException {
    return value.startsWith("@") ? Files.readString(Path.of(value.substring(1))) : value;
  }

  private void print(GenerationResult result) throws IOException {
    ObjectNode node = JsonLines.MAPPER.createObjectNode();
    node.set("prompt_ids", JsonLines.MAPPER.valueToTree(result.promptTokens()));
    node.set("ids", JsonLines.MAPPER.valueToTree(result.outputTokens()));
    node.put("text", result.text());
    if (result.reasoning() != null) {
      node.put("reasoning", result.reasoning());
    }
    if (!result.toolCalls().isEmpty()) {
      node.set("tool_calls", JsonLines.MAPPER.valueToTree(result.toolCalls()));
    }
    node.put("finish_reason", result.finishReason().name().toLowerCase(java.util.Locale.ROOT));
    ObjectNode timings = node.putObject("timings");
    Timings t = result.timings();
    timings.put("prompt_seconds", t.prompt().toNanos() * 1e-9);
    timings.put("first_token_seconds", t.firstToken().toNanos() * 1e-9);
    timings.put("decode_seconds", t.decode().toNanos() * 1e-9);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.println(JsonLines.MAPPER.writeValueAsString(node));
    out.flush();
  }

  static String speeds(GenerationResult r) {
    double prompt = r.timings().prompt().toNanos() * 1e-9;
    double decode = r.timings().decode().toNanos() * 1e-9;
    int processed = r.usage().promptTokens() - r.usage().cachedTokens();
    int after = Math.max(0, r.usage().newTokens() - 1);
    return String.format(
        "prompt %d tokens (%d cached), %.1f tokens/s; answer %d tokens, %.1f tokens/s; %s",
        r.usage().promptTokens(),
        r.usage().cachedTokens(),
        prompt == 0 ? 0 : processed / prompt,
        r.usage().newTokens(),
        decode == 0 ? 0 : after / decode,
        reason(r.finishReason()));
  }

  private static String reason(FinishReason reason) {
    return "ended by " + reason.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  /** Prints the pieces as they come. */
  private static final class Printer implements GenerationListener {
    private final PrintStream out;
    private final ProgressBar bar;

    Printer(PrintStream out, ProgressBar bar) {
      this.out = out;
      this.bar = bar;
    }

    @Override
    public void onPromptProgress(int processed, int total) {
      if (processed < total) {
        bar.show((double) processed / total);
      } else {
        bar.hide();
      }
    }

    @Override
    public void onReasoning(String piece) {
      System.err.print(piece);
      System.err.flush();
    }

    @Override
    public void onText(String piece) {
      out.print(piece);
      out.flush();
    }
  }
}
