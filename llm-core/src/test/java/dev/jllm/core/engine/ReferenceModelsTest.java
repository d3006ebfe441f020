package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jllm.core.cache.Batch;
import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.cache.SequenceCache;
import dev.jllm.core.model.LanguageModel;
import dev.jllm.core.model.ModelOptions;
import dev.jllm.core.sample.LogProbs;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Workers;
import dev.jllm.core.testing.Reference;
import dev.jllm.gguf.GgufFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real models against what the reference engine recorded of them. */
class ReferenceModelsTest {
  /**
   * Two sums of the same numbers in another order differ by far less; where the reference's two
   * best logits are closer than this, either may come first.
   */
  private static final double FLOAT_GAP = 1e-3;

  /** One model, its file, and a sequence. */
  private static final class Run implements AutoCloseable {
    final GgufFile file;
    final Workers workers = new Workers(2);
    final LanguageModel model;
    final LanguageModel.Evaluator evaluator;
    SequenceCache sequence;
    final Batch batch = new Batch();

    Run(Path path) {
      file = GgufFile.open(path);
      model = LanguageModel.load(file, ModelOptions.defaults().cache(KvFormat.F32), workers);
      evaluator = model.newEvaluator();
      sequence = model.newSequence();
    }

    Activations feed(int... tokens) {
      batch.clear();
      for (int token : tokens) {
        batch.add(sequence, token, true);
      }
      return evaluator.forward(batch);
    }

    @Override
    public void close() {
      workers.close();
      file.close();
    }
  }

  private static JsonNode json(Path path) throws IOException {
    return JsonMapper.builder().build().readTree(Files.readString(path));
  }

  private static FloatBuffer floats(Path path) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static int[] ints(JsonNode node) {
    int[] values = new int[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).asInt();
    }
    return values;
  }

  private static int best(float[] logits, int offset, int n) {
    int best = 0;
    for (int i = 1; i < n; i++) {
      if (logits[offset + i] > logits[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  /** How many greedy steps agree with the record before the first one that does not. */
  private static int agreeing(Run run, JsonNode greedy) {
    int[] prompt = ints(greedy.get("prompt_tokens"));
    int[] expected = ints(greedy.get("continuation_tokens"));
    run.sequence = run.model.newSequence();
    Activations logits = run.feed(prompt);
    int row = prompt.length - 1;
    for (int i = 0; i < expected.length; i++) {
      int token = best(logits.data(), row * logits.width(), logits.width());
      if (token != expected[i]) {
        return i;
      }
      logits = run.feed(token);
      row = 0;
    }
    return expected.length;
  }

  /**
   * The steps before the first one whose gap between the two best logits is below {@code bound}.
   */
  private static int certain(JsonNode greedy, double bound) {
    JsonNode gaps = greedy.get("top2_gaps");
    for (int i = 0; i < gaps.size(); i++) {
      if (gaps.get(i).asDouble() < bound) {
        return i;
      }
    }
    return gaps.size();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stories260K"})
  void greedyTextOfFloatModelsIsTheRecordedOne(String name) throws IOException {
    JsonNode record = json(Reference.path("models", name + ".json"));
    try (Run run = new Run(Reference.path("models", name + ".gguf"))) {
      int total = 0;
      for (JsonNode greedy : record.get("greedy")) {
        int certain = certain(greedy, FLOAT_GAP);
        total += certain;
        int agreeing = agreeing(run, greedy);
        assertTrue(
            agreeing >= certain,
            () ->
                greedy.get("prompt") + ": " + agreeing + " of " + certain + " certain steps agree");
      }
      assertEquals(1000, total, "no step of these five continuations is in doubt");
    }
  }

  /**
   * Where activations stay floats, every step of the record of the dequantised model must come out.
   * Where they are rounded, steps are in doubt from the first one on whose two best logits are
   * closer than rounding moves them: twice the greatest distance that rounding caused in the
   * reference.
   */
  @ParameterizedTest
  @ValueSource(strings = {"stories260K-Q8_0", "stories260K-Q4_0"})
  void greedyTextOfQuantisedModelsIsTheRecordedOne(String name) throws IOException {
    JsonNode rounded = json(Reference.path("models", name + ".json"));
    JsonNode exact = json(Reference.path("models", name + ".dequantised.json"));
    FloatBuffer roundedLogits = floats(Reference.path("models", name + ".prompt-logits.f32"));
    FloatBuffer exactLogits =
        floats(Reference.path("models", name + ".dequantised.prompt-logits.f32"));
    try (Run run = new Run(Reference.path("models", name + ".gguf"))) {
      boolean staysFloat = promptError(run, exact.get("greedy").get(0), exactLogits) < 1e-8;
      double bound = staysFloat ? FLOAT_GAP : 2 * greatestDistance(roundedLogits, exactLogits);
      int total = 0;
      for (int i = 0; i < exact.get("greedy").size(); i++) {
        JsonNode greedy = exact.get("greedy").get(i);
        int certain = certain(greedy, bound);
        total += certain;
        int agreeing = agreeing(run, greedy);
        assertTrue(
            agreeing >= certain,
            () ->
                greedy.get("prompt") + ": " + agreeing + " of " + certain + " certain steps agree");
        if (!staysFloat) {
          JsonNode other = rounded.get("greedy").get(i);
          int certainThere = certain(other, bound);
          assertTrue(agreeing(run, other) >= certainThere, () -> "rounded: " + other.get("prompt"));
        }
      }
      System.out.printf(
          "%s: activations %s, %d of 1000 steps are certain (gap above %.3g)%n",
          name, staysFloat ? "stay floats" : "are rounded", total, bound);
      assertTrue(total > 0, "no step is certain, so this says nothing");
    }
  }

  private static double promptError(Run run, JsonNode greedy, FloatBuffer expected) {
    int[] prompt = ints(greedy.get("prompt_tokens"));
    int n = run.model.spec().vocabulary;
    int row = greedy.get("prompt_logits_row_offset").asInt();
    run.sequence = run.model.newSequence();
    return nmse(run.feed(prompt).data(), 0, expected, row * n, prompt.length * n);
  }

  private static double greatestDistance(FloatBuffer a, FloatBuffer b) {
    double greatest = 0;
    for (int i = 0; i < a.limit(); i++) {
      greatest = Math.max(greatest, Math.abs(a.get(i) - b.get(i)));
    }
    return greatest;
  }

  @ParameterizedTest
  @CsvSource({"stories260K, 0.001", "stories260K-Q8_0, 0.005", "stories260K-Q4_0, 0.005"})
  void perplexityIsTheRecordedOne(String name, double relative) throws IOException {
    boolean quantised = name.contains("-Q");
    JsonNode record =
        json(Reference.path("models", name + (quantised ? ".dequantised" : "") + ".json"))
            .get("perplexity");
    int[] tokens = ints(record.get("tokens"));
    int window = record.get("window").asInt();
    double sum = 0;
    try (Run run = new Run(Reference.path("models", name + ".gguf"))) {
      for (int from = 0; from < tokens.length; from += window) {
        int to = Math.min(tokens.length, from + window);
        int[] ids = new int[to - from];
        ids[0] = 1;
        System.arraycopy(tokens, from, ids, 1, ids.length - 1);
        run.sequence = run.model.newSequence();
        Activations logits = run.feed(ids);
        for (int i = 0; i < ids.length; i++) {
          sum -=
              LogProbs.logProb(logits.data(), i * logits.width(), logits.width(), tokens[from + i]);
        }
      }
    }
    double perplexity = Math.exp(sum / tokens.length);
    double expected = record.get("perplexity").asDouble();
    assertEquals(expected, perplexity, relative * expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stories260K"})
  void promptLogitsOfFloatModelsAreTheRecordedOnes(String name) throws IOException {
    JsonNode record = json(Reference.path("models", name + ".json"));
    FloatBuffer expected = floats(Reference.path("models", name + ".prompt-logits.f32"));
    try (Run run = new Run(Reference.path("models", name + ".gguf"))) {
      for (JsonNode greedy : record.get("greedy")) {
        int[] prompt = ints(greedy.get("prompt_tokens"));
        int row = greedy.get("prompt_logits_row_offset").asInt();
        int n = run.model.spec().vocabulary;
        run.sequence = run.model.newSequence();
        float[] whole = run.feed(prompt).data().clone();
        assertTrue(nmse(whole, 0, expected, row * n, prompt.length * n) < 1e-8);
        run.sequence = run.model.newSequence();
        for (int i = 0; i < prompt.length; i++) {
          Activations step = run.feed(prompt[i]);
          assertTrue(
              nmse(step.data(), 0, FloatBuffer.wrap(whole), i * n, n) < 1e-8,
              "one batch and token by token");
        }
      }
    }
  }

  private static double nmse(
      float[] got, int offset, FloatBuffer expected, int expectedOffset, int n) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < n; i++) {
      double y = expected.get(expectedOffset + i);
      double d = got[offset + i] - y;
      error += d * d;
      size += y * y;
    }
    return error / size;
  }
}
