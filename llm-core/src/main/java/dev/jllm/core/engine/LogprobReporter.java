package dev.jllm.core.engine;

import dev.jllm.api.TokenLogprob;
import dev.jllm.core.sample.LogProbs;
import dev.jllm.core.token.TextTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reports how likely tokens were under the model, before any sampler. */
final class LogprobReporter {
  private final TextTokenizer tokenizer;
  private final int alternatives;
  private final LogProbs probabilities = new LogProbs();

  LogprobReporter(TextTokenizer tokenizer, int alternatives) {
    this.tokenizer = tokenizer;
    this.alternatives = alternatives;
  }

  void measure(float[] logits) {
    measure(logits, 0, logits.length);
  }

  void measure(float[] logits, int offset, int length) {
    probabilities.measure(logits, offset, length);
  }

  TokenLogprob report(int id) {
    List<TokenLogprob.Alternative> others = new ArrayList<>();
    int n = probabilities.top(alternatives);
    for (int i = 0; i < n; i++) {
      int other = probabilities.topId(i);
      others.add(
          new TokenLogprob.Alternative(other, text(other), (float) probabilities.topLogProb(i)));
    }
    return new TokenLogprob(
        id,
        text(id),
        (float) probabilities.of(id),
        (float) probabilities.entropy(),
        List.copyOf(others));
  }

  private String text(int id) {
    return new String(tokenizer.pieceBytes(id, true), StandardCharsets.UTF_8);
  }
}
