package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jllm.core.sample.AdaptiveP;
import dev.jllm.core.sample.Dist;
import dev.jllm.core.sample.Dry;
import dev.jllm.core.sample.DynamicTemperature;
import dev.jllm.core.sample.Greedy;
import dev.jllm.core.sample.Infill;
import dev.jllm.core.sample.LogitBias;
import dev.jllm.core.sample.MinP;
import dev.jllm.core.sample.Mirostat;
import dev.jllm.core.sample.MirostatV2;
import dev.jllm.core.sample.Penalties;
import dev.jllm.core.sample.Sampler;
import dev.jllm.core.sample.SequenceBreakers;
import dev.jllm.core.sample.SplitRandom;
import dev.jllm.core.sample.Temperature;
import dev.jllm.core.sample.TokenTexts;
import dev.jllm.core.sample.TopK;
import dev.jllm.core.sample.TopNSigma;
import dev.jllm.core.sample.TopP;
import dev.jllm.core.sample.Typical;
import dev.jllm.core.sample.Xtc;
import dev.jllm.core.token.Tokenizers;
import dev.jllm.gguf.GgufFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds samplers from their JSON description, {@code {"sampler": NAME, settings …}}. */
final class SamplerJson {
  private final Path folder;
  private final Map<String, TokenTexts> vocabularies = new HashMap<>();

  /** Vocabulary files are named relative to {@code folder} or the folder that holds it. */
  SamplerJson(Path folder) {
    this.folder = folder;
  }

  Sampler sampler(JsonNode s, int vocabularySize) {
    SplitRandom random = new SplitRandom(s.path("seed").asLong(0));
    String name = s.path("sampler").asText();
    int minKeep = s.path("min_keep").asInt(0);
    return switch (name) {
      case "greedy" -> new Greedy();
      case "dist" -> new Dist(random);
      case "temp" -> new Temperature(number(s, "temperature"));
      case "temp_ext" ->
          new DynamicTemperature(
              number(s, "temperature"), number(s, "delta"), number(s, "exponent"));
      case "top_k" -> new TopK(s.path("k").intValue());
      case "top_p" -> new TopP(number(s, "p"), minKeep);
      case "min_p" -> new MinP(number(s, "p"), minKeep);
      case "typical" -> new Typical(number(s, "p"), minKeep);
      case "top_n_sigma" -> new TopNSigma(number(s, "n"));
      case "xtc" -> new Xtc(number(s, "probability"), number(s, "threshold"), minKeep, random);
      case "mirostat" ->
          new Mirostat(
              s.path("n_vocab").asInt(vocabularySize),
              number(s, "tau"),
              number(s, "eta"),
              s.path("m").intValue(),
              random);
      case "mirostat_v2" -> new MirostatV2(number(s, "tau"), number(s, "eta"), random);
      case "adaptive_p" -> new AdaptiveP(number(s, "target"), number(s, "decay"), random);
      case "penalties" ->
          new Penalties(
              s.path("last_n").intValue(),
              number(s, "repeat"),
              number(s, "frequency"),
              number(s, "presence"));
      case "dry" -> dry(s);
      case "logit_bias" -> logitBias(s.path("biases"));
      case "infill" -> new Infill(vocabulary(s));
      default -> throw new IllegalArgumentException("there is no sampler '" + name + "'");
    };
  }

  private Sampler dry(JsonNode s) {
    return new Dry(
        number(s, "multiplier"),
        number(s, "base"),
        s.path("allowed_length").intValue(),
        s.path("last_n").intValue(),
        s.has("sequence_breaker_strings") ? breakerTexts(s) : breakerTokens(s));
  }

  private SequenceBreakers breakerTexts(JsonNode s) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : s.path("sequence_breaker_strings")) {
      texts.add(text.asText());
    }
    return SequenceBreakers.ofTexts(texts, vocabulary(s));
  }

  private static SequenceBreakers breakerTokens(JsonNode s) {
    List<int[]> sequences = new ArrayList<>();
    for (JsonNode sequence : s.path("sequence_breakers")) {
      int[] tokens = new int[sequence.size()];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = sequence.get(i).intValue();
      }
      sequences.add(tokens);
    }
    return new SequenceBreakers(sequences);
  }

  /** The vocabulary of the GGUF file that {@code s} names. */
  private TokenTexts vocabulary(JsonNode s) {
    String name = s.path("vocabulary").asText();
    return vocabularies.computeIfAbsent(
        name,
        n -> {
          Path file = folder.resolve(n);
          try (GgufFile gguf =
              GgufFile.open(Files.exists(file) ? file : folder.resolveSibling(n))) {
            return TokenTexts.of(Tokenizers.of(gguf.metadata()));
          }
        });
  }

  private static Sampler logitBias(JsonNode biases) {
    Map<Integer, Float> map = new LinkedHashMap<>();
    for (JsonNode b : biases) {
      map.merge(b.get(0).intValue(), number(b.get(1)), Float::sum);
    }
    return new LogitBias(map);
  }

  private static float number(JsonNode s, String key) {
    JsonNode value = s.get(key);
    if (value == null) {
      throw new IllegalArgumentException(s.path("sampler").asText() + " lacks '" + key + "'");
    }
    return number(value);
  }

  /** A number, or one of the strings that JSON has no numbers for. */
  static float number(JsonNode value) {
    return value.isTextual() ? Float.parseFloat(value.asText()) : (float) value.doubleValue();
  }
}
