package dev.jllm.core.grammar.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.core.grammar.Grammar;
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
