package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.AnswerFormatException;
import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationListener;
import dev.jllm.api.GenerationPart;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.GenerationStream;
import dev.jllm.api.PartialJson;
import dev.jllm.api.ResponseFormat;
import dev.jllm.api.Sampling;
import dev.jllm.api.Session;
import dev.jllm.api.Timings;
import dev.jllm.api.Usage;
import dev.jllm.core.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TypedAnswerTest extends WithDemoModel {
  enum Mood {
    GLAD,
    SAD
  }

  record Pet(Mood mood, int age) {}

  record Owner(boolean tall, Pet pet, Optional<Pet> other, @Nullable Mood mood) {}

  /** As Kotlin compiles a data class: private fields and a constructor of all of them. */
  static final class Point {
    private final int x;
    private final Mood mood;

    Point(int x, Mood mood) {
      this.x = x;
      this.mood = mood;
    }
  }

  record Choosy(boolean sure) {
    Choosy {
      throw new IllegalArgumentException("never content with " + sure);
    }
  }

  record Lists(List<Mood> moods, Map<String, Integer> counts) {}

  private static GenerationRequest request(int tokens, long seed) {
    return GenerationRequest.builder()
        .user("Tell me about the owner.")
        .sampling(Sampling.builder().temperature(1.5f).build())
        .maxNewTokens(tokens)
        .seed(seed)
        .build();
  }

  @Test
  void aRecordComesBack() {
    for (int seed = 0; seed < 5; seed++) {
      Owner owner = model.generate(request(300, seed), Owner.class);
      assertNotNull(owner.pet().mood());
      assertNotNull(owner.other());
    }
  }

  @Test
  void aSessionRemembersTheAnswer() {
    try (Session session = model.openSession()) {
      Pet pet = session.generate(request(200, 1), Pet.class);
      assertEquals(2, session.messages().size());
      assertEquals(pet, read(session.messages().get(1).content(), Pet.class));
    }
  }

  @Test
  void aClassWithAConstructorOfItsFieldsComesBack() {
    GenerationRequest request =
        request(200, 3).toBuilder().responseFormat(ResponseFormat.of(Point.class)).build();
    GenerationResult result = model.generate(request);
    Point point = result.as(Point.class);
    Map<?, ?> json = (Map<?, ?>) Json.parse(result.text());
    assertEquals(((Number) json.get("x")).intValue(), point.x);
    assertEquals(json.get("mood"), point.mood.name());
  }

  @Test
  void aCutAnswerSaysSo() {
    AnswerFormatException e =
        assertThrows(AnswerFormatException.class, () -> model.generate(request(3, 1), Owner.class));
    assertTrue(e.getMessage().contains("cut off after 3 tokens"), e.getMessage());
    assertTrue(e.getMessage().contains("maxNewTokens"), e.getMessage());
    assertTrue(e.getMessage().contains(e.text()), e.getMessage());
  }

  @Test
  void aCutNumberIsNoNumber() {
    assertThrows(
        AnswerFormatException.class, () -> result("12", FinishReason.LENGTH).as(int.class));
    assertEquals(12, result("12", FinishReason.END).as(Integer.class));
    assertEquals(
        List.of(Mood.SAD),
        result("{\"moods\":[\"SAD\"],\"counts\":{}}", FinishReason.LENGTH).as(Lists.class).moods());
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() {
    String text = "{\"moods\":[\"SAD\",\"BAD\"],\"counts\":{}}";
    AnswerFormatException e =
        assertThrows(
            AnswerFormatException.class, () -> result(text, FinishReason.END).as(Lists.class));
    assertTrue(e.getMessage().contains("$.moods[1]: \"BAD\" is no "), e.getMessage());
    e =
        assertThrows(
            AnswerFormatException.class,
            () -> result("{\"sure\":true}", FinishReason.END).as(Choosy.class));
    assertTrue(e.getMessage().contains("never content with true"), e.getMessage());
    e =
        assertThrows(
            AnswerFormatException.class, () -> result("", FinishReason.TIMEOUT).as(Pet.class));
    assertTrue(e.getMessage().contains("the timeout passed"), e.getMessage());
  }

  @Test
  void aTypeWithoutAFormIsRefusedBeforeAnythingIsGenerated() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> model.generate(request(300, 1), Runnable.class));
    assertTrue(e.getMessage().contains("java.lang.Runnable"), e.getMessage());
  }

  @Test
  void aListenerHearsWhatIsKnown() throws ExecutionException, InterruptedException {
    List<@Nullable Object> heard = Collections.synchronizedList(new ArrayList<>());
    GenerationListener listener = PartialJson.listener(heard::add);
    GenerationRequest typed =
        request(300, 2).toBuilder().responseFormat(ResponseFormat.of(Owner.class)).build();
    GenerationResult result = model.submit(typed, listener).result().get();
    assertEquals(Json.parse(result.text()), heard.get(heard.size() - 1));
    assertTrue(heard.size() > 3);
    int members = 0;
    for (Object known : heard) {
      int now = known instanceof Map<?, ?> map ? map.size() : 0;
      assertTrue(now >= members, heard::toString);
      members = now;
    }
  }

  @Test
  void aStreamShowsWhatIsKnown() {
    PartialJson known = PartialJson.create();
    GenerationRequest typed =
        request(300, 4).toBuilder().responseFormat(ResponseFormat.of(Owner.class)).build();
    try (GenerationStream stream = model.stream(typed)) {
      for (GenerationPart part : stream) {
        assertFalse(known.isComplete() && !part.text().isBlank(), part.text());
        known.append(part.text());
      }
      assertTrue(known.isComplete());
      assertEquals(Json.parse(stream.result().text()), known.value());
      assertNotNull(stream.result().as(Owner.class));
    }
  }

  private static <T> T read(String text, Class<T> type) {
    return result(text, FinishReason.END).as(type);
  }

  private static GenerationResult result(String text, FinishReason reason) {
    return new GenerationResult(
        text,
        null,
        List.of(),
        reason,
        List.of(),
        List.of(),
        List.of(),
        new Usage(1, 0, 2),
        new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }
}
