package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.LogitsProcessor;
import dev.jllm.api.ResponseFormat;
import dev.jllm.api.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LogitsProcessorTest extends WithDemoModel {
  private static GenerationRequest.Builder story(Supplier<? extends LogitsProcessor> maker) {
    return GenerationRequest.builder()
        .prompt("Once upon a time")
        .sampling(Sampling.greedy())
        .maxNewTokens(10)
        .logitsProcessor(maker);
  }

  @Test
  void aForbiddenTokenIsNotWritten() {
    LogitsProcessor nothing = logits -> {};
    List<Integer> free = model.generate(story(() -> nothing).build()).outputTokens();
    int first = free.get(0);
    LogitsProcessor forbid = logits -> logits[first] = Float.NEGATIVE_INFINITY;
    List<Integer> held = model.generate(story(() -> forbid).build()).outputTokens();
    assertFalse(held.contains(first));
  }

  @Test
  void oneTokenLeftIsTheChoice() {
    int[] wanted = model.tokenizer().encode(" The dog ran.");
    class Dictation implements LogitsProcessor {
      private final int prompt = model.tokenizer().encode("Once upon a time", true, false).length;
      private int accepted;

      @Override
      public void process(float[] logits) {
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        logits[wanted[accepted - prompt]] = Float.POSITIVE_INFINITY;
      }

      @Override
      public void accept(int token) {
        accepted++;
      }
    }

    GenerationRequest request =
        story(Dictation::new)
            .sampling(Sampling.creative())
            .maxNewTokens(wanted.length)
            .ignoreEndOfGeneration(true)
            .build();
    // A request serves again: each answer has a processor of its own.
    for (int i = 0; i < 2; i++) {
      GenerationResult result = model.generate(request);
      assertEquals(Arrays.stream(wanted).boxed().toList(), result.outputTokens());
    }
  }

  @Test
  void eachTokenIsAcceptedOnceAlsoUnderAFormat() {
    class Recorder implements LogitsProcessor {
      private final List<Integer> tokens = new ArrayList<>();
      private int calls;

      @Override
      public void process(float[] logits) {
        calls++;
        Arrays.fill(logits, 0);
      }

      @Override
      public void accept(int token) {
        tokens.add(token);
      }
    }

    Recorder recorder = new Recorder();
    GenerationResult result =
        model.generate(
            story(() -> recorder)
                .responseFormat(ResponseFormat.regex("[a-z]{3} [0-9]{4}"))
                .sampling(Sampling.builder().temperature(1).build())
                .seed(1)
                .maxNewTokens(30)
                .build());
    assertTrue(result.text().matches("[a-z]{3} [0-9]{4}"), result.text());
    assertEquals(
        Stream.concat(result.promptTokens().stream(), result.outputTokens().stream()).toList(),
        recorder.tokens);
    assertTrue(recorder.calls > result.outputTokens().size(), "some choices were refused");
  }

  @Test
  void processorsActInTheirOrder() {
    LogitsProcessor five = logits -> only(logits, 5);
    LogitsProcessor alsoSix = logits -> logits[6] = 1000;
    List<Integer> tokens =
        model
            .generate(
                story(() -> five)
                    .logitsProcessor(() -> alsoSix)
                    .ignoreEndOfGeneration(true)
                    .maxNewTokens(3)
                    .build())
            .outputTokens();
    assertEquals(List.of(5, 5, 5), tokens);
  }

  private static void only(float[] logits, int token) {
    for (int i = 0; i < logits.length; i++) {
      if (i != token) {
        logits[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  @Test
  void whatGoesWrongIsTold() {
    LogitsProcessor nothingLeft = logits -> Arrays.fill(logits, Float.NaN);
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> model.generate(story(() -> nothingLeft).build()));
    assertTrue(e.getMessage().contains("left no token possible"), e.getMessage());
    RuntimeException own = new UnsupportedOperationException("mine");
    LogitsProcessor throwing =
        logits -> {
          throw own;
        };
    assertSame(
        own,
        assertThrows(RuntimeException.class, () -> model.generate(story(() -> throwing).build())));
  }
}
