package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswersTest {
  @Test
  void theBestScoreWins() {
    assertEquals("bb", Answers.best(List.of("a", "bb", "cc"), String::length));
    assertEquals("b", Answers.best(List.of("a", "b"), s -> s.equals("a") ? Double.NaN : -1e300));
    assertEquals("a", Answers.best(List.of("a", "b"), s -> Double.NEGATIVE_INFINITY));
    assertThrows(
        IllegalArgumentException.class, () -> Answers.best(List.<String>of(), String::length));
  }

  @Test
  void theMajorityWins() {
    List<String> answers = List.of("so x = 4", "x = 5", "clearly x =  4 ", "no idea");
    Answers.Vote<String> vote =
        Answers.majority(answers, a -> a.contains("=") ? a.substring(a.lastIndexOf('=') + 1) : "");
    assertEquals("so x = 4", vote.winner());
    assertEquals(2, vote.votes());
    assertEquals(2 / 3.0, vote.share(), 1e-12);
    assertEquals(0, Answers.majority(answers, a -> "").votes());
    assertEquals("x = 5", Answers.majority(answers.subList(1, 3), a -> a.strip()).winner());
  }
}
