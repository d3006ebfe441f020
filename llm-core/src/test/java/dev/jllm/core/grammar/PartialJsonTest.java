package dev.jllm.core.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.core.grammar.schema.RandomSchemas;
import dev.jllm.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PartialJsonTest {
  @Test
  void showsWhatIsKnownSoFar() {
    PartialJson partial = new PartialJson();
    assertEquals(null, partial.value());
    partial.append("{\"na");
    assertEquals(Map.of(), partial.value());
    partial.append("me\": \"Ad");
    assertEquals(Map.of("name", "Ad"), partial.value());
    partial.append("a \\u00");
    assertEquals(Map.of("name", "Ada "), partial.value());
    partial.append("e9\\");
    assertEquals(Map.of("name", "Ada é"), partial.value());
    partial.append("n\", \"list\": [1, 2");
    assertEquals(Map.of("name", "Ada é\n", "list", List.of(1L)), partial.value());
    partial.append("3, \"x\", \"y");
    assertEquals(Map.of("name", "Ada é\n", "list", List.of(1L, 23L, "x", "y")), partial.value());
    partial.append("z\", {}]");
    assertFalse(partial.isComplete());
    partial.append("}");
    assertTrue(partial.isComplete());
    assertEquals(
        Map.of("name", "Ada é\n", "list", List.of(1L, 23L, "x", "yz", Map.of())), partial.value());
  }

  @Property(tries = 200)
  void endsWithTheWholeValueHoweverItIsCut(@ForAll long seed) {
    Random random = new Random(seed);
    String text = Json.write(new RandomSchemas(random).value(4));
    PartialJson partial = new PartialJson();
    for (int at = 0; at < text.length(); ) {
      int next = Math.min(text.length(), at + 1 + random.nextInt(4));
      partial.append(text.substring(at, next));
      at = next;
    }
    partial.append(" ");
    assertTrue(partial.isComplete());
    assertEquals(Json.parse(text), partial.value());
  }
}
