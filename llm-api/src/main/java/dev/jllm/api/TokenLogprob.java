package dev.jllm.api;

import java.util.List;

/**
 * How likely a token was.
 *
 * @param id the token
 * @param text its text; bytes that are no whole character appear as the replacement character
 * @param logprob natural logarithm of its probability under the model, before any sampler
 * @param entropy entropy of the whole distribution in nats: near 0 where the model was certain
 * @param alternatives the most likely tokens, best first, as many as the request asked for
 */
public record TokenLogprob(
    int id, String text, float logprob, float entropy, List<Alternative> alternatives) {
  /**
   * A token that could have stood there.
   *
   * @param id the token
   * @param text its text
   * @param logprob natural logarithm of its probability under the model
   */
  public record Alternative(int id, String text, float logprob) {}
}
