package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.Answers;
import dev.jllm.api.ContextOverflowException;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.GenerationTimeoutException;
import dev.jllm.api.Message;
import dev.jllm.api.ResponseFormat;
import dev.jllm.api.Sampling;
import dev.jllm.api.Session;
import dev.jllm.api.TokenLogprob;
import dev.jllm.core.sample.SplitRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ManyAnswersTest extends WithDemoModel {
  private static GenerationRequest.Builder story() {
    return GenerationRequest.builder()
        .prompt("Once upon a time")
        .sampling(Sampling.builder().temperature(1.2f).build())
        .maxNewTokens(12)
        .seed(7);
  }

  private static List<String> texts(Answers answers) {
    return answers.all().stream().map(GenerationResult::text).toList();
  }

  @Test
  void theAnswersAreThoseOfTheSplitSeedsAndShareThePrompt() {
    Answers answers = model.generateMany(story().build(), 4);
    assertEquals(4, answers.all().size());
    for (int i = 0; i < 4; i++) {
      GenerationResult answer = answers.all().get(i);
      GenerationResult alone =
          model.generate(story().seed(new SplitRandom(7).split(i).nextLong()).build());
      assertEquals(alone.text(), answer.text());
      assertEquals(answer.usage().promptTokens() - 1, answer.usage().cachedTokens());
    }
    assertTrue(Set.copyOf(texts(answers)).size() > 1);
    assertEquals(texts(answers), texts(model.generateMany(story().build(), 4)));
    assertEquals(texts(answers).subList(0, 2), texts(model.generateMany(story().build(), 2)));
  }

  @Test
  void theSessionStaysAsItIs() {
    try (Session session = model.openSession()) {
      session.send(Message.user("My name is Anna."));
      int tokens = session.tokenCount();
      GenerationRequest question =
          GenerationRequest.builder()
              .user("What is my name?")
              .sampling(Sampling.greedy())
              .maxNewTokens(40)
              .build();
      Answers answers = session.generateMany(question, 2);
      assertEquals(tokens, session.tokenCount());
      assertEquals(2, session.messages().size());
      assertEquals(session.generate(question).text(), answers.all().get(1).text());
    }
  }

  @Test
  void theBestIsTheLikeliestOrTheOneOfTheGreatestScore() {
    Answers answers = model.generateMany(story().build(), 6);
    GenerationResult best = answers.best();
    for (GenerationResult answer : answers.all()) {
      assertTrue(mean(answer) <= mean(best) + 1e-6);
    }
    int longest = texts(answers).stream().mapToInt(String::length).max().orElseThrow();
    assertEquals(longest, answers.best(a -> a.text().length()).text().length());
  }

  private static double mean(GenerationResult answer) {
    return answer.logprobs().stream().mapToDouble(TokenLogprob::logprob).average().orElseThrow();
  }

  @Test
  void theMajorityWins() {
    GenerationRequest request =
        GenerationRequest.builder()
            .user("Is the sky blue?")
            .responseFormat(ResponseFormat.choice("yes", "no"))
            .sampling(Sampling.builder().temperature(1.5f).build())
            .seed(3)
            .build();
    Answers answers = model.generateMany(request, 7);
    Answers.Vote vote = answers.majority(GenerationResult::text);
    assertTrue(vote.votes() >= 4, vote::toString);
    assertEquals(vote.votes() / 7.0, vote.share(), 1e-9);
    long same = texts(answers).stream().filter(text -> text.equals(vote.winner().text())).count();
    assertEquals(vote.votes(), same);
    assertTrue(new HashSet<>(List.of("yes", "no")).containsAll(texts(answers)));
  }

  @Test
  void whatCannotBeDoneIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> model.generateMany(story().build(), 0));
    assertThrows(
        ContextOverflowException.class,
        () ->
            model.generateMany(
                GenerationRequest.builder().prompt("word ".repeat(20_000)).build(), 2));
    assertThrows(
        GenerationTimeoutException.class,
        () -> model.generateMany(story().timeout(Duration.ofNanos(1)).build(), 2));
  }
}
