package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.ContextOverflowException;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.GenerationStream;
import dev.jllm.api.Message;
import dev.jllm.api.Sampling;
import dev.jllm.api.Session;
import dev.jllm.api.SessionOptions;
import dev.jllm.api.TokenLogprob;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionTest extends WithDemoModel {
  private static GenerationRequest user(String text) {
    return GenerationRequest.builder()
        .user(text)
        .sampling(Sampling.greedy())
        .maxNewTokens(60)
        .build();
  }

  private static GenerationRequest text(String prompt) {
    return GenerationRequest.builder()
        .prompt(prompt)
        .sampling(Sampling.greedy())
        .maxNewTokens(12)
        .build();
  }

  @Test
  void aSecondTurnProcessesOnlyWhatIsNew() {
    try (Session session = model.openSession()) {
      GenerationResult first = session.generate(user("My name is Anna."));
      int before = session.tokenCount();
      GenerationResult second = session.generate(user("What is my name?"));
      assertEquals(0, first.usage().cachedTokens());
      // The last token that was written is not in the cache yet: it had no successor.
      assertTrue(
          second.usage().cachedTokens() >= before - 1,
          () -> second.usage() + " after " + before + " tokens");
      assertEquals(4, session.messages().size());
      assertTrue(second.text().contains("Anna"), second.text());
      GenerationResult fresh =
          model.generate(
              GenerationRequest.builder()
                  .messages(session.messages().subList(0, 3))
                  .sampling(Sampling.greedy())
                  .maxNewTokens(60)
                  .build());
      assertEquals(fresh.text(), second.text());
    }
  }

  @Test
  void aSessionMayHaveItsMemoryFromTheBeginning() {
    SessionOptions options =
        SessionOptions.builder().contextLength(200).reservedTokens(1000).build();
    try (Session reserved = model.openSession(options);
        Session growing = model.openSession()) {
      String text = reserved.generate(text("Once upon a time")).text();
      assertEquals(growing.generate(text("Once upon a time")).text(), text);
      try (Session fork = reserved.fork()) {
        assertEquals(growing.generate(text(" and")).text(), fork.generate(text(" and")).text());
      }
    }
    assertThrows(IllegalArgumentException.class, () -> SessionOptions.builder().reservedTokens(-1));
  }

  @Test
  void textGoesOnWhereItEnded() {
    String whole = model.generate(long24()).text();
    try (Session session = model.openSession()) {
      String first = session.generate(text("Once upon a time")).text();
      int tokens = session.tokenCount();
      String second = session.generate(text("")).text();
      assertEquals(whole, first + second);
      assertEquals(tokens + 12, session.tokenCount());
    }
  }

  private static GenerationRequest long24() {
    return GenerationRequest.builder()
        .prompt("Once upon a time")
        .sampling(Sampling.greedy())
        .maxNewTokens(24)
        .build();
  }

  @Test
  void forksGoTheirOwnWays() {
    try (Session session = model.openSession()) {
      session.generate(text("Once upon a time"));
      try (Session fork = session.fork()) {
        String left = session.generate(text(" The dog")).text();
        String right = fork.generate(text(" The cat")).text();
        try (Session again = model.openSession()) {
          again.generate(text("Once upon a time"));
          assertEquals(right, again.generate(text(" The cat")).text());
        }
        try (Session again = model.openSession()) {
          again.generate(text("Once upon a time"));
          assertEquals(left, again.generate(text(" The dog")).text());
        }
      }
    }
  }

  @Test
  void rewindingIsAsIfNothingHadBeen() {
    try (Session session = model.openSession()) {
      session.generate(user("Hello!"));
      Session.Checkpoint mark = session.checkpoint();
      String once = session.generate(user("What color is the sky?")).text();
      Session.Checkpoint later = session.checkpoint();
      session.rewind(mark);
      assertEquals(mark.tokenCount(), session.tokenCount());
      assertEquals(2, session.messages().size());
      assertEquals(once, session.generate(user("What color is the sky?")).text());
      assertThrows(IllegalArgumentException.class, () -> session.rewind(later));
    }
  }

  @Test
  void scoresAreTheLogProbabilitiesOfGenerating() {
    GenerationResult generated =
        model.generate(
            GenerationRequest.builder()
                .prompt("Once upon a time")
                .sampling(Sampling.greedy())
                .maxNewTokens(10)
                .topLogprobs(0)
                .build());
    try (Session session = model.openSession()) {
      session.generate(
          GenerationRequest.builder().prompt("Once upon a time").maxNewTokens(0).build());
      int tokens = session.tokenCount();
      List<TokenLogprob> scores = session.score(generated.text());
      assertEquals(tokens, session.tokenCount(), "scoring leaves the session as it is");
      assertEquals(10, scores.size());
      for (int i = 0; i < 10; i++) {
        assertEquals(generated.outputTokens().get(i), scores.get(i).id());
        assertEquals(generated.logprobs().get(i).logprob(), scores.get(i).logprob(), 0.02f);
      }
    }
  }

  @Test
  void aPromptLongerThanTheContextIsRefusedAndChangesNothing() {
    SessionOptions small = SessionOptions.builder().contextLength(20).build();
    try (Session session = model.openSession(small)) {
      ContextOverflowException e =
          assertThrows(
              ContextOverflowException.class, () -> session.send(Message.user("word ".repeat(50))));
      assertTrue(e.getMessage().contains("the context holds 20"), e.getMessage());
      assertEquals(List.of(), session.messages());
    }
  }

  @Test
  void oneGenerationAtATime() {
    try (Session session = model.openSession()) {
      GenerationStream stream =
          session.stream(
              GenerationRequest.builder()
                  .prompt("Once")
                  .maxNewTokens(300)
                  .ignoreEndOfGeneration(true)
                  .build());
      stream.next();
      assertThrows(IllegalStateException.class, () -> session.generate(text("x")));
      stream.close();
      stream.result();
    }
  }

  @Test
  void aClosedSessionSaysSo() {
    Session session = model.openSession();
    session.close();
    session.close();
    assertThrows(IllegalStateException.class, () -> session.generate(text("x")));
  }
}
