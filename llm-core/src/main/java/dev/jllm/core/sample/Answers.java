package dev.jllm.core.sample;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Thinking longer by sampling more: chooses among several answers to one prompt.
 *
 * <p>N. Stiennon et al.: Learning to summarize from human feedback. NeurIPS 2020, arXiv:2009.01325
 * (best of n); X. Wang et al.: Self-Consistency Improves Chain of Thought Reasoning in Language
 * Models. ICLR 2023, arXiv:2203.11171 (majority vote).
 */
public final class Answers {
  private Answers() {}

  /**
   * The outcome of a vote.
   *
   * @param winner the first answer that gave the verdict most often given
   * @param votes how many answers gave it
   * @param share the same as a fraction of all that gave a verdict, 0 to 1
   */
  public record Vote<T>(T winner, int votes, double share) {}

  /**
   * The answer of the greatest score, for instance {@link Likelihood#mean}; the first one among
   * equals. A score that is NaN loses against every number.
   *
   * @throws IllegalArgumentException if there are no answers
   */
  public static <T> T best(List<? extends T> answers, ToDoubleFunction<? super T> score) {
    requireSome(answers);
    T best = answers.get(0);
    double greatest = Double.NaN;
    for (T answer : answers) {
      double s = score.applyAsDouble(answer);
      if (s > greatest || (Double.isNaN(greatest) && !Double.isNaN(s))) {
        greatest = s;
        best = answer;
      }
    }
    return best;
  }

  /**
   * The answer whose verdict most answers share; among equals the one given first.
   *
   * @param verdict what counts of an answer, for instance the number after the last {@code =}; an
   *     empty string abstains. If all abstain, the first answer wins with no votes
   * @throws IllegalArgumentException if there are no answers
   */
  public static <T> Vote<T> majority(
      List<? extends T> answers, Function<? super T, String> verdict) {
    requireSome(answers);
    Map<String, Integer> votes = new LinkedHashMap<>();
    Map<String, T> first = new LinkedHashMap<>();
    int all = 0;
    for (T answer : answers) {
      String v = verdict.apply(answer).trim();
      if (!v.isEmpty()) {
        votes.merge(v, 1, Integer::sum);
        first.putIfAbsent(v, answer);
        all++;
      }
    }
    T winner = answers.get(0);
    int most = 0;
    for (Map.Entry<String, T> e : first.entrySet()) {
      int n = votes.getOrDefault(e.getKey(), 0);
      if (n > most) {
        most = n;
        winner = e.getValue();
      }
    }
    return new Vote<>(winner, most, all == 0 ? 0 : (double) most / all);
  }

  private static void requireSome(List<?> answers) {
    if (answers.isEmpty()) {
      throw new IllegalArgumentException("there are no answers to choose from");
    }
  }
}
