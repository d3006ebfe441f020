package dev.jllm.core.token;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jllm.gguf.GgufMetadata;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Vocabularies made for these tests, with what the reference engine answers for them: {@code
 * trained-vocabulary.json} is what {@link BpeTrainer} made of test strings, {@code
 * pre-tokenizers.jsonl} holds texts and ids for it under every pre-tokenizer's name, {@code
 * small-vocabularies.jsonl} random vocabularies of all kinds with texts, ids and decoded texts.
 */
final class TokenizerFixtures {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private TokenizerFixtures() {}

  static Map<String, Object> trainedVocabulary() {
    return entries(lines("trained-vocabulary.json").get(0));
  }

  static TextTokenizer trained(String pre) {
    Map<String, Object> entries = trainedVocabulary();
    entries.put("tokenizer.ggml.pre", pre);
    entries.put("tokenizer.ggml.seperator_token_id", 0);
    return Tokenizers.of(new GgufMetadata(entries));
  }

  static List<JsonNode> lines(String resource) {
    List<JsonNode> lines = new ArrayList<>();
    try (InputStream in = TokenizerFixtures.class.getResourceAsStream(resource);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  /** Metadata entries from JSON; an array of numbers is of floats if it is of scores. */
  static Map<String, Object> entries(JsonNode object) {
    Map<String, Object> entries = new LinkedHashMap<>();
    object.properties().forEach(e -> entries.put(e.getKey(), value(e.getKey(), e.getValue())));
    return entries;
  }

  private static Object value(String key, JsonNode node) {
    if (node.isTextual()) {
      return node.asText();
    }
    if (node.isBoolean()) {
      return node.asBoolean();
    }
    if (node.isInt()) {
      return node.asInt();
    }
    if (node.isObject()) {
      return bytes(node.get("bytes"));
    }
    if (node.size() > 0 && node.get(0).isTextual()) {
      return JSON.convertValue(node, String[].class);
    }
    return key.endsWith("scores")
        ? JSON.convertValue(node, float[].class)
        : JSON.convertValue(node, int[].class);
  }

  private static byte[] bytes(JsonNode node) {
    byte[] bytes = new byte[node.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) node.get(i).asInt();
    }
    return bytes;
  }

  static int[] ids(JsonNode node) {
    return JSON.convertValue(node, int[].class);
  }
}
