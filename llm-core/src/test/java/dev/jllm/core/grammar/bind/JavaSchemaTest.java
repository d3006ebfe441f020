package dev.jllm.core.grammar.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.ToolParam;
import dev.jllm.core.grammar.Grammar;
import dev.jllm.core.json.Json;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JavaSchemaTest {
  enum Color {
    RED,
    GREEN
  }

  record Point(int x, double y) {}

  record Answer(
      String reasoning,
      boolean sure,
      @Nullable Color color,
      Optional<Point> at,
      List<Point> path,
      Map<String, Long> counts,
      LocalDate day,
      byte[] bytes,
      List<Answer> more) {}

  static class Plain {
    String name = "";
    int age;
  }

  @Test
  void aRecordBecomesAnObjectInTheOrderOfItsComponents() {
    Grammar grammar = Grammar.jsonSchema(JavaSchema.of(Answer.class));
    String text =
        "{\"reasoning\":\"so\",\"sure\":true,\"color\":\"GREEN\",\"at\":{\"x\":1,\"y\":2.5},"
            + "\"path\":[{\"x\":-3.0,\"y\":1e2}],\"counts\":{\"a\":4},\"day\":\"2024-02-29\","
            + "\"bytes\":[1,-128],\"more\":[]}";
    assertTrue(grammar.matches(text));
    assertFalse(grammar.matches(text.replace("-128", "-129")));
    assertFalse(grammar.matches(text.replace("02-29", "02-30")));
    assertFalse(grammar.matches(text.replace("\"sure\":true,", "")));
    assertFalse(grammar.matches(text.replace("GREEN", "BLUE")));
    Answer answer = JavaReader.read(text, Answer.class);
    assertEquals("so", answer.reasoning());
    assertEquals(Color.GREEN, answer.color());
    assertEquals(Optional.of(new Point(1, 2.5)), answer.at());
    assertEquals(List.of(new Point(-3, 100)), answer.path());
    assertEquals(Map.of("a", 4L), answer.counts());
    assertEquals(LocalDate.of(2024, 2, 29), answer.day());
    assertTrue(Arrays.equals(new byte[] {1, -128}, answer.bytes()));
  }

  @Test
  void optionalComponentsMayBeAbsentOrNull() {
    String text =
        "{\"reasoning\":\"\",\"sure\":false,\"at\":null,\"path\":[],\"counts\":{},"
            + "\"day\":\"2023-01-31\",\"bytes\":[],\"more\":[]}";
    assertTrue(Grammar.jsonSchema(JavaSchema.of(Answer.class)).matches(text));
    Answer answer = JavaReader.read(text, Answer.class);
    assertEquals(Optional.empty(), answer.at());
    assertEquals(null, answer.color());
  }

  @Test
  void aClassIsFilledByItsFields() {
    String text = "{\"name\":\"Ada\",\"age\":36}";
    assertTrue(Grammar.jsonSchema(JavaSchema.of(Plain.class)).matches(text));
    Plain plain = JavaReader.read(text, Plain.class);
    assertEquals("Ada", plain.name);
    assertEquals(36, plain.age);
  }

  record Tree(Point at, @ToolParam(value = "Below.", name = "sub") @Nullable Tree below) {}

  record Line(@ToolParam("Where it begins.") Point from) {}

  @Test
  void whatIsUsedOnceStandsWhereItIsUsed() {
    Map<?, ?> line = (Map<?, ?>) Json.parse(JavaSchema.of(Line.class));
    assertEquals(List.of("type", "properties", "required", "additionalProperties"), keys(line));
    Map<?, ?> from = (Map<?, ?>) ((Map<?, ?>) line.get("properties")).get("from");
    assertEquals("Where it begins.", from.get("description"));
    assertEquals("object", from.get("type"));
    Map<?, ?> tree = (Map<?, ?>) Json.parse(JavaSchema.of(Tree.class));
    assertEquals(List.of("$ref", "$defs"), keys(tree));
    assertEquals(List.of("Tree"), keys((Map<?, ?>) tree.get("$defs")));
    String text = "{\"at\":{\"x\":1,\"y\":2},\"sub\":{\"at\":{\"x\":3,\"y\":4}}}";
    assertTrue(Grammar.jsonSchema(JavaSchema.of(Tree.class)).matches(text));
    Tree read = JavaReader.read(text, Tree.class);
    assertEquals(new Tree(new Point(1, 2), new Tree(new Point(3, 4), null)), read);
    assertEquals(read, JavaReader.read(JavaWriter.write(read), Tree.class));
  }

  private static List<Object> keys(Map<?, ?> map) {
    return List.copyOf(map.keySet());
  }

  record Mixed(List<String>[] lists, Optional<Double> none, char letter, Color color) {}

  @Test
  void whatIsWrittenIsRead() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<String>[] lists = new List[] {List.of("a"), List.of()};
    Mixed mixed = new Mixed(lists, Optional.empty(), 'x', Color.RED);
    String json = JavaWriter.write(mixed);
    assertEquals("{\"lists\":[[\"a\"],[]],\"none\":null,\"letter\":\"x\",\"color\":\"RED\"}", json);
    assertTrue(Grammar.jsonSchema(JavaSchema.of(Mixed.class)).matches(json));
    assertEquals(json, JavaWriter.write(JavaReader.read(json, Mixed.class)));
  }

  @Test
  void whatCannotBeDescribedIsNamed() {
    record Bad(List<Runnable> tasks) {}
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> JavaSchema.of(Bad.class));
    assertTrue(e.getMessage().contains(".tasks[]: java.lang.Runnable"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> JavaReader.read("{\"x\":1.5,\"y\":0}", Point.class));
  }
}
