package dev.jllm.api;

/**
 * A step of the user's own on the way to the next token: it sees the model's logits first, before
 * the samplers of {@link Sampling}. To choose a token by a rule of one's own, leave only that one
 * possible.
 *
 * <pre>{@code
 * request.logitsProcessor(() -> logits -> logits[unwanted] = Float.NEGATIVE_INFINITY)
 * }</pre>
 *
 * A processor serves one answer, on the one thread that writes it: it may keep state. For each
 * token {@link #process} comes first, then {@link #accept} with the token that was chosen in the
 * end; state should move in {@code accept} alone, since {@code process} is called again for the
 * same token where a {@link ResponseFormat} refused the choice. What a method throws ends the
 * generation.
 */
@FunctionalInterface
public interface LogitsProcessor {
  /**
   * Changes the logits of the next token in place. What is negative infinity is impossible and
   * stays so; NaN counts as impossible. At least one token must stay possible.
   *
   * @param logits one for each token of the vocabulary; not to be kept
   */
  void process(float[] logits);

  /**
   * Learns of the next token of the text: of each token of the prompt in their order, later of each
   * that was chosen.
   */
  default void accept(int token) {}
}
