package dev.jllm.core.grammar.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.Grammar;
import dev.jllm.core.grammar.GrammarConstraint;
import dev.jllm.core.grammar.TokenGrammar;
import dev.jllm.core.grammar.TokenTrie;
import dev.jllm.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a model says under a schema's mask is valid under the schema. */
class GenerationTest {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final List<byte[]> TOKENS = tokens();
  private static final Pattern LONG_NUMBER = Pattern.compile("[0-9.]{16}");
  private static final int END = TOKENS.size();
  private static final int CONTROL = END + 1;
  private static final TokenTrie TRIE =
      TokenTrie.of(END + 2, t -> t < END ? TOKENS.get(t) : null, t -> t == END);

  /** All bytes, so that tokens end inside code points, and pieces that span parts of JSON. */
  private static List<byte[]> tokens() {
    List<byte[]> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(new byte[] {(byte) b});
    }
    for (String s :
        List.of(
            "{\"",
            "\":",
            "\": ",
            "\",",
            "\", \"",
            "\"}",
            "},",
            "}}",
            "]}",
            "],",
            "[[",
            "[]",
            "{}",
            "true",
            "false",
            "null",
            "tr",
            "ue",
            " ",
            "  ",
            "\n",
            "\n  ",
            "\\u",
            "\\n",
            "\\\"",
            "\u00e9",
            "\ud83d\ude00",
            "\u3042",
            "foo",
            "bar",
            "ab",
            "a\"",
            "-1",
            "10",
            "0.",
            ".5",
            ".0",
            "e+",
            "E1",
            "00",
            "2024-",
            "-02-",
            "x-1",
            "x-1\":",
            "\"a\":",
            ", \"b\": ",
            "12")) {
      tokens.add(s.getBytes(StandardCharsets.UTF_8));
    }
    return tokens;
  }

  // A fixed seed: the independent oracle has errors of its own on rare inputs (empty repetitions,
  // numbers beyond doubles), and a build must not fail by chance.
  @Property(tries = 300, seed = "20261122")
  void everyTextUnderARandomSchemaIsValid(@ForAll long seed) throws Exception {
    check(seed);
  }

  static int check(long seed) throws Exception {
    Random random = new Random(seed);
    Object schema = new RandomSchemas(random).schema();
    String text = Json.write(canonical(schema));
    Grammar grammar;
    try {
      grammar = Grammar.jsonAnswer(text);
    } catch (GrammarException e) {
      return 0;
    }
    if (grammar.isEmpty()) {
      return 0;
    }
    com.networknt.schema.JsonSchema validator = RandomSchemaTest.validator(text);
    TokenGrammar tokens = new TokenGrammar(grammar, TRIE);
    for (int i = 0; i < 5; i++) {
      String json = generate(tokens.constraint(), random, seed + " " + text);
      if (json == null || LONG_NUMBER.matcher(json).find()) {
        continue; // the validator divides in doubles
      }
      JsonNode node = MAPPER.readTree(Json.write(canonical(MAPPER.readValue(json, Object.class))));
      assertTrue(
          validator.validate(node).isEmpty(),
          () -> seed + " " + text + "\n" + json + "\n" + validator.validate(node));
      assertTrue(grammar.matches(json), json);
      assertTrue(Grammar.jsonSchema(text).matches(json), json);
    }
    return 1;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"type\":\"integer\"}; 12 -3 0; 12.0 1e3 -0",
        "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}; 12; 12.0",
        "{\"type\":\"number\",\"multipleOf\":5}; 15; 15.0",
        "{\"type\":\"integer\",\"minimum\":9}; 12 99; 12.0 1.2e1",
        "{\"enum\":[1,20]}; 1 20; 1.0 2e1",
        "{\"items\":{\"const\":1e2}}; [100] [100,100]; [1e2] [100.0]",
      })
  void integersAreWrittenAsDigitsAlone(String schema, String good, String validOnly) {
    Grammar valid = Grammar.jsonSchema(schema);
    Grammar written = Grammar.jsonAnswer(schema);
    for (String text : good.split(" ")) {
      assertTrue(valid.matches(text) && written.matches(text), text);
    }
    for (String text : validOnly.split(" ")) {
      assertTrue(valid.matches(text) && !written.matches(text), text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"type\":\"number\"}", "{\"type\":\"number\",\"minimum\":9}", "{}", "true"})
  void numbersKeepTheirForms(String schema) {
    for (String text : List.of("12", "12.0", "1.2e1")) {
      assertTrue(Grammar.jsonAnswer(schema).matches(text), text);
    }
  }

  /** Whole numbers as integers: the validator compares 1 and 1.0 within arrays as different. */
  private static Object canonical(Object value) {
    if (value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15) {
      return d.longValue();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> out = new LinkedHashMap<>();
      map.forEach((k, v) -> out.put(String.valueOf(k), canonical(v)));
      return out;
    }
    if (value instanceof List<?> list) {
      List<Object> out = new ArrayList<>();
      list.forEach(v -> out.add(canonical(v)));
      return out;
    }
    return value;
  }

  private static @Nullable String generate(GrammarConstraint constraint, Random random, String what)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    float[] logits = new float[TRIE.size()];
    int patience = 20 + random.nextInt(60);
    for (int n = 0; n < 1500; n++) {
      Arrays.fill(logits, 0);
      constraint.mask(logits);
      assertEquals(Float.NEGATIVE_INFINITY, logits[CONTROL]);
      int token = n < patience ? any(logits, random) : closing(logits, random);
      assertTrue(token >= 0, () -> "no token after " + out + " under " + what);
      assertTrue(constraint.allows(token), () -> "refused " + token + " after " + out);
      constraint.accept(token);
      if (token == END) {
        assertTrue(constraint.isComplete());
        return out.toString(StandardCharsets.UTF_8);
      }
      out.write(TOKENS.get(token));
    }
    return null; // random choice does not find every end; there was a way on at every step
  }

  private static int any(float[] logits, Random random) {
    int count = 0;
    int chosen = -1;
    for (int t = 0; t < logits.length; t++) {
      // Texts of one token are likelier than pieces of them, the end is not.
      if (logits[t] == 0 && random.nextInt(++count) == 0) {
        chosen = t;
      }
    }
    return chosen;
  }

  /** A token that brings the end nearer. */
  private static int closing(float[] logits, Random random) {
    if (logits[END] == 0) {
      return END;
    }
    if (random.nextInt(5) < 2) {
      char c = "aboofx-19".charAt(random.nextInt(9));
      if (logits[c] == 0) {
        return c;
      }
    }
    for (char c : "\"}]:,0123456789nutfalsre-.".toCharArray()) {
      if (logits[c] == 0 && (c != ',' || random.nextInt(3) > 0)) {
        return c;
      }
    }
    return any(logits, random);
  }
}
