package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.model.LanguageModel;
import dev.jllm.core.model.Pooling;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.token.Tokenizers;
import dev.jllm.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes embeddings, for comparison with other programs. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    description = "Writes the embedding of a text as little-endian floats, or shows it.")
final class EmbedCommand implements Callable<Integer> {
  @Mixin IdsOptions given = new IdsOptions();

  @Option(names = "--text", description = "A text, in place of token ids.")
  @Nullable String text;

  @Option(
      names = "--pooling",
      description = "none (a row a token), mean, cls, last; default: as the model says, else mean.")
  @Nullable String pooling;

  @Option(names = "--normalize", description = "Brings vectors to length one.")
  boolean normalize;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (LoadedModel loaded = new LoadedModel()) {
      if (given.answerLines(request -> reply(loaded, request))) {
        return 0;
      }
      Path path = given.model();
      int[] tokens = given.ids == null ? tokens(path) : given.ids;
      float[] rows = embed(loaded, path, tokens, pooling, normalize);
      Path target = given.out;
      if (target == null) {
        spec.commandLine().getOut().println(Arrays.toString(rows));
      } else {
        Files.write(target, IdsOptions.bytes(rows, rows.length));
      }
      return 0;
    }
  }

  private int[] tokens(Path path) throws IOException {
    String given = text;
    if (given == null) {
      throw new ParameterException(spec.commandLine(), "Give --ids or --text, or --jsonl alone.");
    }
    try (GgufFile file = GgufFile.open(path)) {
      return Tokenizers.of(file.metadata()).encode(given, true, false);
    }
  }

  private static ObjectNode reply(LoadedModel loaded, JsonNode request) throws IOException {
    int[] ids = IdsOptions.array(request.path("ids"));
    JsonNode pooling = request.path("pooling");
    float[] rows =
        embed(
            loaded,
            Path.of(request.path("model").asText()),
            ids,
            pooling.isTextual() ? pooling.asText() : null,
            request.path("normalize").asBoolean(false));
    Files.write(Path.of(request.path("out").asText()), IdsOptions.bytes(rows, rows.length));
    boolean all = pooling.asText().equals("none");
    ObjectNode reply = JsonLines.MAPPER.createObjectNode();
    reply.put("rows", all ? ids.length : 1);
    reply.put("columns", all ? rows.length / ids.length : rows.length);
    return reply;
  }

  private static float[] embed(
      LoadedModel loaded, Path path, int[] ids, @Nullable String pooling, boolean normalize) {
    LanguageModel model = loaded.get(path, ids.length);
    int width = model.spec().width;
    SequenceCache sequence = model.newSequence();
    Batch batch = new Batch();
    for (int id : ids) {
      batch.add(sequence, id, true);
    }
    Activations rows = model.newEvaluator().hidden(batch);
    if ("none".equals(pooling)) {
      return Arrays.copyOf(rows.data(), ids.length * width);
    }
    Pooling.Pool pool = pooling(pooling, loaded.pooling()).newPool(width);
    for (int row = 0; row < ids.length; row++) {
      pool.add(rows.data(), row * width);
    }
    return pool.vector(normalize);
  }

  private static Pooling pooling(@Nullable String name, @Nullable Pooling fromFile) {
    if (name == null) {
      return fromFile == null ? Pooling.MEAN : fromFile;
    }
    try {
      return Pooling.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "pooling '" + name + "' is not known here; there are none, mean, cls, last", e);
    }
  }
}
