package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.model.LanguageModel;
import dev.jllm.core.model.ModelOptions;
import dev.jllm.core.model.Pooling;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Workers;
import dev.jllm.gguf.GgufFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jllm logits}: the logits of given token ids, to compare with other programs. */
@Command(
    name = "logits",
    mixinStandardHelpOptions = true,
    description = "Writes the logits of all given tokens as little-endian floats, row by row.")
final class LogitsCommand implements Callable<Integer> {
  @Option(names = "-m", description = "The model, a GGUF file.")
  @Nullable Path model;

  @Option(names = "--ids", split = ",", description = "Token ids.")
  int @Nullable [] ids;

  @Option(names = "--encoder-ids", split = ",", description = "Token ids for an encoder.")
  int @Nullable [] encoderIds;

  @Option(names = "--first-position", description = "The position of the first token.")
  int firstPosition;

  @Option(names = "--step", description = "Feeds one token after another.")
  boolean step;

  @Option(names = "--out", description = "The file to write.")
  @Nullable Path out;

  @Option(names = "--jsonl", description = "A file with one JSON object a line, see the manual.")
  @Nullable Path jsonl;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (Loaded loaded = new Loaded()) {
      Path file = jsonl;
      if (file != null) {
        JsonLines.answer(file, request -> reply(loaded, request));
        return 0;
      }
      if (ids == null || out == null) {
        throw new ParameterException(
            spec.commandLine(), "Give --ids and --out (and -m), or --jsonl alone.");
      }
      Path path = model == null ? DemoModel.file() : model;
      write(
          loaded.get(path, firstPosition + ids.length), ids, encoderIds, firstPosition, step, out);
      return 0;
    }
  }

  private static ObjectNode reply(Loaded loaded, JsonNode request) throws IOException {
    int[] ids = array(request.path("ids"));
    int[] encoder = request.has("encoder_ids") ? array(request.path("encoder_ids")) : null;
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

  static int[] array(JsonNode node) {
    int[] a = new int[node.size()];
    for (int i = 0; i < a.length; i++) {
      a[i] = node.get(i).asInt();
    }
    return a;
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
        int n = logits.rows() * logits.width();
        ByteBuffer bytes = ByteBuffer.allocate(4 * n).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(logits.data(), 0, n);
        stream.write(bytes.array());
      }
    }
  }

  /** The model that was asked for last, so that requests in a row load it once. */
  static final class Loaded implements AutoCloseable {
    private final Workers workers = new Workers(Runtime.getRuntime().availableProcessors());
    private @Nullable Path path;
    private @Nullable GgufFile file;
    private @Nullable LanguageModel model;
    private int context;

    /** Some models depend on the context: it holds the tokens, in steps of 256 as in llama.cpp. */
    LanguageModel get(Path wanted, int tokens) {
      int wantedContext = Math.max(1, (tokens + 255) / 256) * 256;
      LanguageModel current = model;
      if (current != null && wanted.equals(path) && context == wantedContext) {
        return current;
      }
      closeFile();
      GgufFile opened = GgufFile.open(wanted);
      file = opened;
      current =
          LanguageModel.load(
              opened, new ModelOptions(wantedContext, KvFormat.F32, KvFormat.F32), workers);
      context = wantedContext;
      model = current;
      path = wanted;
      return current;
    }

    /** The pooling that the file of the last model names, or null. */
    @Nullable Pooling pooling() {
      GgufFile f = file;
      LanguageModel m = model;
      return f == null || m == null ? null : Pooling.of(f.metadata(), m.spec().architecture);
    }

    private void closeFile() {
      GgufFile f = file;
      file = null;
      model = null;
      if (f != null) {
        f.close();
      }
    }

    @Override
    public void close() {
      closeFile();
      workers.close();
    }
  }
}
