package dev.jllm.core.engine;

import dev.jllm.api.ContextOverflowException;
import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationCancelledException;
import dev.jllm.api.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/** Measures how likely a text is after what a session holds. */
final class Scorer {
  /** Rows of logits are held for a whole step, so the steps are short. */
  private static final int STEP = 64;

  private final ModelParts parts;
  private final int contextLength;
  private final Interruption interruption;

  Scorer(ModelParts parts, int contextLength, Interruption interruption) {
    this.parts = parts;
    this.contextLength = contextLength;
    this.interruption = interruption;
  }

  /** Log-likelihood of each token of {@code text} that has a token before it. */
  List<TokenLogprob> score(TokenState before, String text) {
    int start = before.tokens().size();
    int[] ids = parts.tokenizer().encode(text, start == 0, false);
    if (start + ids.length > contextLength) {
      throw new ContextOverflowException(
          "the text has "
              + ids.length
              + " tokens after "
              + start
              + ", but the context holds "
              + contextLength
              + "; score it in parts");
    }
    TokenState state = before.fork();
    // The last token before the text is computed again, if need be: its logits are asked for.
    int first = Math.max(0, start - 1);
    state.cut(first);
    state.tokens().truncate(first);
    IntList all = before.tokens().copy();
    all.addAll(ids);
    for (int i = first; i < all.size(); i++) {
      state.tokens().add(all.get(i));
    }
    LogprobReporter reporter = new LogprobReporter(parts.tokenizer(), 0);
    List<TokenLogprob> scores = new ArrayList<>();
    while (state.computed() < all.size() - 1) {
      if (interruption.reason() == FinishReason.CANCELLED) {
        throw new GenerationCancelledException("cancelled while scoring a text");
      }
      int to = Math.min(all.size() - 1, state.computed() + STEP);
      state.computeAll(
          to,
          (index, logits, offset) -> {
            if (index + 1 >= Math.max(start, 1)) {
              reporter.measure(logits, offset, parts.engine().vocabularySize());
              scores.add(reporter.report(all.get(index + 1)));
            }
          });
    }
    return scores;
  }
}
