package dev.jllm.core.engine;

import dev.jllm.api.Answers;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.TokenLogprob;
import dev.jllm.core.sample.Likelihood;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Several answers to one request. */
record SampledAnswers(List<GenerationResult> all) implements Answers {
  @Override
  public GenerationResult best() {
    return best(SampledAnswers::meanLogprob);
  }

  /** An answer without tokens has no likelihood, and loses. */
  private static double meanLogprob(GenerationResult answer) {
    Likelihood likelihood = new Likelihood();
    for (TokenLogprob token : answer.logprobs()) {
      likelihood.add(token.logprob());
    }
    return likelihood.tokens() == 0 ? Double.NaN : likelihood.mean();
  }

  @Override
  public GenerationResult best(ToDoubleFunction<? super GenerationResult> score) {
    return dev.jllm.core.sample.Answers.best(all, score);
  }

  @Override
  public Vote majority(Function<? super GenerationResult, String> verdict) {
    dev.jllm.core.sample.Answers.Vote<GenerationResult> vote =
        dev.jllm.core.sample.Answers.majority(all, verdict);
    return new Vote(vote.winner(), vote.votes(), vote.share());
  }
}
