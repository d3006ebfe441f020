package dev.jllm.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void keepsOrderAndKindsOfNumbers() {
    Object value = Json.parse(" {\"b\": [1, 1.0, -2e3, 12345678901234567890], \"a\": null} ");
    assertEquals(
        Map.of("b", List.of(1L, 1.0, -2000.0, new BigInteger("12345678901234567890"))).get("b"),
        ((Map<?, ?>) value).get("b"));
    assertEquals(List.of("b", "a"), new ArrayList<>(((Map<?, ?>) value).keySet()));
    assertEquals("{\"b\":[1,1.0,-2000.0,12345678901234567890],\"a\":null}", Json.write(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\"}",
        "{\"a\":1,}",
        "01",
        "1.",
        "-",
        "+1",
        "tru",
        "'a'",
        "\"a",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "1 2",
        "nul",
        "[1 2]",
        "{a:1}",
        "NaN"
      })
  void refusesWhatIsNotJson(String text) {
    assertThrows(JsonException.class, () -> Json.parse(text));
  }

  @Test
  void boundsDepthAndDigits() {
    assertThrows(JsonException.class, () -> Json.parse("[".repeat(100_000)));
    assertThrows(JsonException.class, () -> Json.parse("1".repeat(100_000)));
  }

  @Property(tries = 200)
  void stringsSurvive(@ForAll String text) {
    assertEquals(text, Json.parse(Json.quote(text)));
  }

  @Property(tries = 200)
  void randomTextParsesOrIsRefused(@ForAll String text) {
    try {
      Json.parse(text);
    } catch (JsonException e) {
      assertEquals("JSON", e.getMessage().substring(0, 4));
    }
  }
}
