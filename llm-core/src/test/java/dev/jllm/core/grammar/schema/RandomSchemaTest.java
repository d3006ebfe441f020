package dev.jllm.core.grammar.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.Grammar;
import dev.jllm.core.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RandomSchemaTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static com.networknt.schema.JsonSchema validator(String schema) throws Exception {
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(MAPPER.readTree(schema), config);
  }

  // A fixed seed: the independent oracle has errors of its own on rare inputs (empty repetitions,
  // numbers beyond doubles), and a build must not fail by chance.
  @Property(tries = 300, seed = "20261122")
  void agreesWithAnIndependentValidator(@ForAll long seed) throws Exception {
    check(seed);
  }

  static boolean check(long seed) throws Exception {
    RandomSchemas random = new RandomSchemas(new Random(seed));
    Object schema = random.schema();
    String text = Json.write(schema);
    Grammar grammar;
    try {
      grammar = Grammar.jsonSchema(text);
    } catch (GrammarException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith("#"), text + " " + e.getMessage());
      return false;
    }
    com.networknt.schema.JsonSchema validator = validator(text);
    SchemaOrder order = new SchemaOrder(schema);
    for (int i = 0; i < 12; i++) {
      Object value = order.order(random.near(schema, 4), schema);
      String json = Json.write(plain(value));
      JsonNode node = MAPPER.readTree(json);
      boolean valid = validator.validate(node).isEmpty();
      assertEquals(valid, grammar.matches(json), () -> text + "\n" + json + "\nseed " + seed);
    }
    return true;
  }

  static Object plain(Object value) {
    if (value == RandomSchemas.NULL) {
      return null;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> out = new LinkedHashMap<>();
      map.forEach((k, v) -> out.put(String.valueOf(k), plain(v)));
      return out;
    }
    return value instanceof List<?> list
        ? list.stream().map(RandomSchemaTest::plain).collect(Collectors.toList())
        : value;
  }
}
