package dev.jllm.core.chat.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentCheckTest {
  private static final String SCHEMA =
      """
      {"type":"object","properties":{
        "city":{"type":"string","minLength":1},
        "unit":{"enum":["c","f"]},
        "days":{"type":"integer","minimum":1,"maximum":14},
        "tags":{"type":"array","items":{"type":"string"},"maxItems":2},
        "at":{"$ref":"#/$defs/place"},
        "any":{"anyOf":[{"type":"number"},{"type":"null"}]}},
       "required":["city"],"additionalProperties":false,
       "$defs":{"place":{"type":"object","properties":{"x":{"type":"number"}},"required":["x"]}}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"city\":\"Bern\"}",
        "{\"city\":\"Bern\",\"unit\":\"c\",\"days\":3,\"tags\":[\"a\"],\"at\":{\"x\":1.5}}",
        "{\"city\":\"Bern\",\"days\":3.0,\"any\":null}"
      })
  void passesWhatFits(String arguments) {
    assertNull(ArgumentCheck.problem(SCHEMA, arguments));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|the object lacks the required \"city\"",
        "{\"city\":1}|\"city\" must be a string, not a number",
        "{\"city\":\"\"}|\"city\" must have at least 1 characters",
        "{\"city\":\"B\",\"unit\":\"k\"}|\"unit\" must be one of [\"c\",\"f\"]",
        "{\"city\":\"B\",\"days\":2.5}|\"days\" must be an integer, not a number",
        "{\"city\":\"B\",\"days\":99}|\"days\" must be at most 14",
        "{\"city\":\"B\",\"tags\":[1]}|\"tags/0\" must be a string, not a number",
        "{\"city\":\"B\",\"at\":{}}|\"at\" lacks the required \"x\"",
        "{\"city\":\"B\",\"town\":1}|the object has no \"town\"; it has [city, unit, days, tags, at,"
            + " any]",
        "[]|the arguments must be a JSON object"
      })
  void saysWhatIsWrong(String arguments, String problem) {
    assertEquals(problem, ArgumentCheck.problem(SCHEMA, arguments));
  }

  @Test
  void followsNoEndlessSchema() {
    assertNull(ArgumentCheck.problem("{\"$ref\":\"#\"}", "{}"));
    assertNotNull(ArgumentCheck.problem("{\"not\":{}}", "{}"));
  }

  @Property(tries = 100)
  void anyTextIsAnswered(@ForAll String schema, @ForAll String arguments) {
    ArgumentCheck.problem(schema, arguments);
    ArgumentCheck.problem("{}", arguments);
  }
}
