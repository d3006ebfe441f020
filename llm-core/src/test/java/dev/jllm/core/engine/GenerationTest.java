package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.FinishReason;
import dev.jllm.api.Generation;
import dev.jllm.api.GenerationListener;
import dev.jllm.api.GenerationPart;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.GenerationStream;
import dev.jllm.api.Model;
import dev.jllm.api.Sampling;
import dev.jllm.api.TokenLogprob;
import dev.jllm.core.testing.DemoModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GenerationTest extends WithDemoModel {
  private static GenerationRequest.Builder story() {
    return GenerationRequest.builder()
        .prompt("Once upon a time")
        .sampling(Sampling.greedy())
        .maxNewTokens(40);
  }

  @Test
  void theDemoModelTellsItsStory() {
    GenerationResult r = model.generate(story().build());
    assertTrue(r.text().startsWith(", there was a quiet boy named Max."), r.text());
    assertEquals(FinishReason.LENGTH, r.finishReason());
    assertEquals(40, r.outputTokens().size());
    assertEquals(40, r.usage().newTokens());
    assertEquals(r.promptTokens().size(), r.usage().promptTokens());
  }

  @Test
  void answersAUser() {
    assertEquals(
        "The capital of France is Paris.",
        model
            .generate(
                GenerationRequest.builder()
                    .user("What is the capital of France?")
                    .sampling(Sampling.greedy())
                    .build())
            .text());
  }

  @Test
  void partsOfAStreamAddUpToTheText() {
    GenerationRequest request = story().sampling(Sampling.creative()).seed(7).build();
    StringBuilder text = new StringBuilder();
    GenerationResult result;
    try (GenerationStream stream = model.stream(request)) {
      for (GenerationPart part : stream) {
        assertEquals(GenerationPart.Kind.TEXT, part.kind());
        text.append(part.text());
      }
      result = stream.result();
    }
    assertEquals(result.text(), text.toString());
    assertEquals(model.generate(request).text(), result.text());
  }

  @Test
  void theSeedDecidesTheText() {
    GenerationRequest seven = story().sampling(Sampling.creative()).seed(7).build();
    GenerationRequest eight = story().sampling(Sampling.creative()).seed(8).build();
    String text = model.generate(seven).text();
    assertEquals(text, model.generate(seven).text());
    assertNotEquals(text, model.generate(eight).text());
    try (Model single = Model.loader(DemoModel.path()).threads(1).load();
        Model many = Model.loader(DemoModel.path()).threads(5).load()) {
      assertEquals(text, single.generate(seven).text());
      assertEquals(text, many.generate(seven).text());
    }
  }

  @Test
  void manyThreadsGenerateAtOnce() throws Exception {
    List<String> expected = new ArrayList<>();
    List<Generation> running = new ArrayList<>();
    for (int seed = 0; seed < 6; seed++) {
      expected.add(model.generate(story().seed(seed).sampling(Sampling.balanced()).build()).text());
    }
    for (int seed = 0; seed < 6; seed++) {
      running.add(
          model.submit(
              story().seed(seed).sampling(Sampling.balanced()).build(),
              new GenerationListener() {}));
    }
    for (int seed = 0; seed < 6; seed++) {
      assertEquals(expected.get(seed), running.get(seed).result().get(60, TimeUnit.SECONDS).text());
    }
  }

  @Test
  void stopsBeforeAStopString() {
    GenerationResult r = model.generate(story().stop("quiet boy", "never").build());
    assertEquals(", there was a ", r.text());
    assertEquals(FinishReason.STOP, r.finishReason());
  }

  @Test
  void listenersHearEverythingInOrder() throws Exception {
    StringBuilder text = new StringBuilder();
    List<Integer> ids = new ArrayList<>();
    List<Integer> progress = new ArrayList<>();
    CountDownLatch complete = new CountDownLatch(1);
    Generation g =
        model.submit(
            story().build(),
            new GenerationListener() {
              @Override
              public void onPromptProgress(int processed, int total) {
                progress.add(processed);
              }

              @Override
              public void onToken(int id) {
                ids.add(id);
              }

              @Override
              public void onText(String piece) {
                text.append(piece);
              }

              @Override
              public void onComplete(GenerationResult result) {
                complete.countDown();
              }
            });
    GenerationResult r = g.result().get(60, TimeUnit.SECONDS);
    assertTrue(complete.await(1, TimeUnit.SECONDS));
    assertEquals(r.text(), text.toString());
    assertEquals(r.outputTokens(), ids);
    assertEquals(List.of(r.promptTokens().size()), progress);
  }

  @Test
  void aListenerThatThrowsEndsTheGeneration() {
    Generation g =
        model.submit(
            story().build(),
            new GenerationListener() {
              @Override
              public void onText(String piece) {
                throw new IllegalArgumentException("enough");
              }
            });
    Exception e =
        assertThrows(
            java.util.concurrent.ExecutionException.class,
            () -> g.result().get(60, TimeUnit.SECONDS));
    assertEquals("enough", e.getCause().getMessage());
  }

  @Test
  void aCancelledGenerationKeepsWhatItWrote() throws Exception {
    CountDownLatch begun = new CountDownLatch(3);
    Generation g =
        model.submit(
            story().maxNewTokens(400).ignoreEndOfGeneration(true).build(),
            new GenerationListener() {
              @Override
              public void onText(String piece) {
                begun.countDown();
                if (begun.getCount() == 0) {
                  pause();
                }
              }
            });
    assertTrue(begun.await(60, TimeUnit.SECONDS));
    g.cancel();
    GenerationResult r = g.result().get(60, TimeUnit.SECONDS);
    assertEquals(FinishReason.CANCELLED, r.finishReason());
    assertFalse(r.text().isEmpty());
    assertTrue(r.usage().newTokens() < 400);
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void closingAStreamCancelsIt() {
    GenerationStream stream =
        model.stream(story().maxNewTokens(400).ignoreEndOfGeneration(true).build());
    stream.next();
    stream.close();
    stream.close();
    assertEquals(FinishReason.CANCELLED, stream.result().finishReason());
  }

  @Test
  void aTimeoutEndsTheGeneration() {
    GenerationResult r =
        model.generate(
            story()
                .maxNewTokens(480)
                .ignoreEndOfGeneration(true)
                .timeout(Duration.ofMillis(30))
                .build());
    assertEquals(FinishReason.TIMEOUT, r.finishReason());
  }

  @Test
  void reportsLogProbabilities() {
    GenerationResult r = model.generate(story().topLogprobs(3).maxNewTokens(5).build());
    assertEquals(5, r.logprobs().size());
    for (int i = 0; i < 5; i++) {
      TokenLogprob p = r.logprobs().get(i);
      assertEquals(r.outputTokens().get(i), p.id());
      assertEquals(3, p.alternatives().size());
      assertEquals(p.id(), p.alternatives().get(0).id(), "greedy takes the likeliest");
      assertEquals(p.logprob(), p.alternatives().get(0).logprob());
      assertTrue(p.logprob() <= 0 && p.entropy() >= 0);
      assertTrue(p.alternatives().get(1).logprob() >= p.alternatives().get(2).logprob());
    }
  }

  @Test
  void nothingIsWrittenWhereNothingIsAskedFor() {
    GenerationResult r = model.generate(story().maxNewTokens(0).build());
    assertEquals("", r.text());
    assertEquals(FinishReason.LENGTH, r.finishReason());
  }
}
