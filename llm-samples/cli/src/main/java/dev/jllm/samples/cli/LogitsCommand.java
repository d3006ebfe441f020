package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.model.LanguageModel;
import dev.jllm.core.tensor.Activations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jllm logits}: the logits of given token ids, to compare with other programs. */
@Command(
    name = "logits",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the logits of all given tokens as little-endian floats, row by row.",
      "Keys and values are kept as floats; where the last bits decide what a model sees"
          + " (MiniMax M3), attention rounds as llama.cpp does."
    })
final class LogitsCommand implements Callable<Integer> {
  @Mixin IdsOptions given = new IdsOptions();

  @Option(names = "--encoder-ids", split = ",", description = "Token ids for an encoder.")
  int @Nullable [] encoderIds;

  @Option(names = "--first-position", description = "The position of the first token.")
  int firstPosition;

  @Option(names = "--step", description = "Feeds one token after another.")
  boolean step;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (LoadedModel loaded = new LoadedModel()) {
      if (given.answerLines(request -> reply(loaded, request))) {
        return 0;
      }
      int[] ids = given.ids;
      Path out = given.out;
      if (ids == null || out == null) {
        throw new ParameterException(
            spec.commandLine(), "Give --ids and --out (and -m), or --jsonl alone.");
      }
      LanguageModel model = loaded.get(given.model(), firstPosition + ids.length);
      write(model, ids, encoderIds, firstPosition, step, out);
      return 0;
    }
  }

  private static ObjectNode reply(LoadedModel loaded, JsonNode request) throws IOException {
    int[] ids = IdsOptions.array(request.path("ids"));
    int[] encoder =
        request.has("encoder_ids") ? IdsOptions.array(request.path("encoder_ids")) : null;
    int first = request.path("first_position").asInt(0);
    LanguageModel model = loaded.get(Path.of(request.path("model").asText()), first + ids.length);
    write(
        model,
        ids,
        encoder,
        first,
        request.path("step").asBoolean(false),
        Path.of(request.path("out").asText()));
    ObjectNode reply = JsonLines.MAPPER.createObjectNode();
    reply.put("rows", ids.length);
    reply.put("columns", model.spec().vocabulary);
    return reply;
  }

  private static void write(
      LanguageModel model,
      int[] ids,
      int @Nullable [] encoder,
      int firstPosition,
      boolean step,
      Path target)
      throws IOException {
    if (encoder != null) {
      throw new IllegalArgumentException(
          "architecture '" + model.spec().architecture + "' has no encoder for --encoder-ids");
    }
    SequenceCache sequence = model.newSequence(firstPosition);
    LanguageModel.Evaluator evaluator = model.newEvaluator();
    Batch batch = new Batch();
    try (OutputStream stream = Files.newOutputStream(target)) {
      int chunk = step ? 1 : ids.length;
      for (int from = 0; from < ids.length; from += chunk) {
        batch.clear();
        for (int i = from; i < from + chunk; i++) {
          batch.add(sequence, ids[i], true);
        }
        Activations logits = evaluator.forward(batch);
        stream.write(IdsOptions.bytes(logits.data(), logits.rows() * logits.width()));
      }
    }
  }
}
