package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jllm.core.testing.Reference;
import dev.jllm.core.token.Tokenizers;
import dev.jllm.gguf.GgufFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What chains leave of given logits, against the recorded outcome of llama.cpp v0.5.0. */
class SamplerReferenceTest {
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final Map<String, float[]> vectors = new HashMap<>();
  private @Nullable TokenTexts texts;

  @Test
  void agreesWithASelectionOfCases() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/samplers/cases.jsonl")) {
      if (in == null) {
        throw new IOException("the resource samplers/cases.jsonl is missing");
      }
      assertTrue(check(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) > 10);
    }
  }

  @Test
  void agreesWithAllCases() throws IOException {
    Path cases = Reference.path("samplers", "cases.jsonl");
    Path model = Reference.path("models", "stories260K.gguf");
    try (GgufFile gguf = GgufFile.open(model)) {
      texts = TokenTexts.of(Tokenizers.of(gguf.metadata()));
    }
    try (BufferedReader in = Files.newBufferedReader(cases)) {
      assertTrue(check(in) > 400);
    }
  }

  private int check(BufferedReader in) throws IOException {
    int cases = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode node = mapper.readTree(line);
      if (node.path("kind").asText().equals("vector")) {
        vectors.put(node.path("id").asText(), floats(node.path("logits")));
      } else {
        check(node);
        cases++;
      }
    }
    return cases;
  }

  private void check(JsonNode node) {
    String label = "case " + node.path("id") + ": " + node.path("chain");
    float[] logits = vectors.get(node.path("vector").asText());
    List<Sampler> chain = new ArrayList<>();
    for (JsonNode s : node.path("chain")) {
      chain.add(sampler(s));
    }
    SamplerChain samplers = new SamplerChain(chain);
    for (JsonNode token : node.path("history")) {
      samplers.accept(token.intValue());
    }
    Candidates candidates = new Candidates().load(logits);
    samplers.apply(candidates);

    JsonNode result = node.path("result");
    JsonNode ids = result.path("ids");
    int[] expectedIds =
        ids.isTextual()
            ? IntStream.range(0, logits.length).toArray()
            : IntStream.range(0, ids.size()).map(i -> ids.get(i).intValue()).toArray();
    int n = candidates.size();
    assertEquals(expectedIds.length, n, label);
    Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> candidates.id(a) - candidates.id(b));
    boolean tie = node.path("tie_at_cut").asBoolean();
    double[] expected = new double[n];
    double[] got = new double[n];
    candidates.softmax();
    for (int i = 0; i < n; i++) {
      if (!tie) {
        assertEquals(expectedIds[i], candidates.id(order[i]), label);
      }
      expected[i] = result.path("probs").get(i).doubleValue();
      got[i] = candidates.probability(order[i]);
    }
    if (tie) {
      Arrays.sort(expected);
      Arrays.sort(got);
    }
    for (int i = 0; i < n; i++) {
      assertEquals(expected[i], got[i], 1e-5, label);
    }
    if (result.has("selected")) {
      assertEquals(result.path("selected").intValue(), candidates.selectedId(), label);
    }
  }

  private Sampler sampler(JsonNode s) {
    SplitRandom random = new SplitRandom(1);
    int minKeep = s.path("min_keep").asInt(0);
    return switch (s.path("sampler").asText()) {
      case "greedy" -> new Greedy();
      case "temp" -> new Temperature(f(s, "temperature"));
      case "temp_ext" ->
          new DynamicTemperature(f(s, "temperature"), f(s, "delta"), f(s, "exponent"));
      case "top_k" -> new TopK(s.path("k").intValue());
      case "top_p" -> new TopP(f(s, "p"), minKeep);
      case "min_p" -> new MinP(f(s, "p"), minKeep);
      case "typical" -> new Typical(f(s, "p"), minKeep);
      case "top_n_sigma" -> new TopNSigma(f(s, "n"));
      case "xtc" -> new Xtc(f(s, "probability"), f(s, "threshold"), minKeep, random);
      case "mirostat" ->
          new Mirostat(
              s.path("n_vocab").intValue(),
              f(s, "tau"),
              f(s, "eta"),
              s.path("m").intValue(),
              random);
      case "mirostat_v2" -> new MirostatV2(f(s, "tau"), f(s, "eta"), random);
      case "adaptive_p" -> new AdaptiveP(f(s, "target"), f(s, "decay"), random);
      case "penalties" ->
          new Penalties(
              s.path("last_n").intValue(), f(s, "repeat"), f(s, "frequency"), f(s, "presence"));
      case "dry" ->
          new Dry(
              f(s, "multiplier"),
              f(s, "base"),
              s.path("allowed_length").intValue(),
              s.path("last_n").intValue(),
              breakers(s));
      case "logit_bias" -> {
        Map<Integer, Float> biases = new LinkedHashMap<>();
        s.path("biases").forEach(b -> biases.put(b.get(0).intValue(), number(b.get(1))));
        yield new LogitBias(biases);
      }
      case "infill" -> new Infill(vocabulary());
      default -> throw new IllegalArgumentException(s.toString());
    };
  }

  private SequenceBreakers breakers(JsonNode s) {
    if (s.has("sequence_breaker_strings")) {
      List<String> strings = new ArrayList<>();
      s.path("sequence_breaker_strings").forEach(t -> strings.add(t.asText()));
      return SequenceBreakers.ofTexts(strings, vocabulary());
    }
    List<int[]> sequences = new ArrayList<>();
    for (JsonNode sequence : s.path("sequence_breakers")) {
      sequences.add(
          IntStream.range(0, sequence.size()).map(i -> sequence.get(i).intValue()).toArray());
    }
    return new SequenceBreakers(sequences);
  }

  private TokenTexts vocabulary() {
    TokenTexts t = texts;
    if (t == null) {
      throw new IllegalStateException("this case needs a vocabulary");
    }
    return t;
  }

  private static float[] floats(JsonNode array) {
    float[] x = new float[array.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = number(array.get(i));
    }
    return x;
  }

  private static float f(JsonNode s, String key) {
    return number(s.path(key));
  }

  private static float number(JsonNode value) {
    return value.isTextual() ? Float.parseFloat(value.asText()) : (float) value.doubleValue();
  }
}
