package dev.jllm.api;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Several answers to one request, to choose among: thinking longer by sampling more.
 *
 * <pre>{@code
 * model.generateMany(request, 8).majority(GenerationResult::text).winner()
 * }</pre>
 */
public interface Answers {
  /** The answers, in the order in which they were written. Each has its {@code logprobs}. */
  List<GenerationResult> all();

  /**
   * The answer that the model finds most likely, by the mean log-probability of its tokens (best of
   * n). A {@link ResponseFormat} does not count: it is the model's own opinion.
   */
  GenerationResult best();

  /**
   * The answer of the greatest score; the first one among equals. NaN loses against every number.
   */
  GenerationResult best(ToDoubleFunction<? super GenerationResult> score);

  /**
   * The answer whose verdict most answers share; among equals the one given first
   * (self-consistency, arXiv:2203.11171).
   *
   * @param verdict what counts of an answer, for instance the number after its last {@code =}; an
   *     empty string abstains. If all abstain, the first answer wins with no votes
   */
  Vote majority(Function<? super GenerationResult, String> verdict);

  /**
   * The outcome of a vote.
   *
   * @param winner the first answer that gave the verdict most often given
   * @param votes how many answers gave it
   * @param share the same as a fraction of all that gave a verdict, 0 to 1
   */
  record Vote(GenerationResult winner, int votes, double share) {}
}
