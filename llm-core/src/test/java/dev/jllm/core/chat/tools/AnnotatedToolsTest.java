package dev.jllm.core.chat.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.Tool;
import dev.jllm.api.ToolMethod;
import dev.jllm.api.ToolParam;
import dev.jllm.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class AnnotatedToolsTest {
  public enum Unit {
    CELSIUS,
    FAHRENHEIT
  }

  public record Place(String name, @ToolParam(required = false) double height) {}

  public record Report(String city, List<Integer> degrees) {}

  public static final class Weather {
    @ToolMethod("Current weather of a city.")
    public Report weather(
        @ToolParam(value = "City name", name = "city") String city,
        @ToolParam(name = "unit", required = false) Unit unit,
        @ToolParam(name = "days") Optional<Integer> days) {
      return new Report(city + " " + unit, List.of(days.orElse(1), 2));
    }

    @ToolMethod(value = "Counts.", name = "count_places")
    public int count(@ToolParam(name = "places") List<Place> places) {
      return places.size() + (int) places.get(0).height();
    }

    @ToolMethod("Fails.")
    public String broken() {
      throw new IllegalStateException("the sensor is off");
    }

    public void noTool() {}
  }

  @ToolMethod("Adds two numbers.")
  public record Add(double a, @ToolParam("the other") double b) implements Callable<Double> {
    @Override
    public Double call() {
      return a + b;
    }
  }

  @Test
  void methodsBecomeTools() throws Exception {
    List<Tool> tools = Tool.annotated(new Weather());
    assertEquals(
        List.of("broken", "count_places", "weather"),
        tools.stream().map(t -> t.definition().name()).toList());
    Tool weather = tools.get(2);
    assertEquals(
        Json.parse(
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\","
                + "\"description\":\"City name\"},\"unit\":{\"type\":\"string\","
                + "\"enum\":[\"CELSIUS\",\"FAHRENHEIT\"]},\"days\":{\"type\":\"integer\"}},"
                + "\"required\":[\"city\"],\"additionalProperties\":false}"),
        Json.parse(weather.definition().parametersSchema()));
    assertEquals(
        "{\"city\":\"Bern CELSIUS\",\"degrees\":[3,2]}",
        weather.call("{\"city\":\"Bern\",\"unit\":\"CELSIUS\",\"days\":3}"));
    assertEquals("{\"city\":\"Bern null\",\"degrees\":[1,2]}", weather.call("{\"city\":\"Bern\"}"));
    assertEquals(
        "6", tools.get(1).call("{\"places\":[{\"name\":\"a\",\"height\":4},{\"name\":\"b\"}]}"));
  }

  @Test
  void errorsReachTheModelAsTheyAre() {
    List<Tool> tools = Tool.annotated(new Weather());
    Exception wrong =
        assertThrows(IllegalArgumentException.class, () -> tools.get(2).call("{\"city\":1}"));
    assertEquals("\"city\" must be a string, not a number", wrong.getMessage());
    Exception tooBig =
        assertThrows(
            IllegalArgumentException.class,
            () -> tools.get(2).call("{\"city\":\"Bern\",\"days\":4000000000}"));
    assertEquals("$.days: 4000000000 is no java.lang.Integer", tooBig.getMessage());
    Exception failed = assertThrows(IllegalStateException.class, () -> tools.get(0).call("{}"));
    assertEquals("the sensor is off", failed.getMessage());
  }

  @Test
  void aRecordIsATool() throws Exception {
    Tool add = Tool.annotated(Add.class).get(0);
    assertEquals("add", add.definition().name());
    assertEquals("5.5", add.call("{\"a\": 2, \"b\": 3.5}"));
    Map<?, ?> schema = (Map<?, ?>) Json.parse(add.definition().parametersSchema());
    assertTrue(schema.toString().contains("the other"));
  }

  @Test
  void refusesWhatHasNoTool() {
    assertThrows(IllegalArgumentException.class, () -> Tool.annotated("text"));
    assertThrows(IllegalArgumentException.class, () -> Tool.annotated(Place.class));
  }
}
