package dev.jllm.api;

import java.util.List;

/**
 * A conversation or text that keeps its key/value cache: each call processes only what is new. Not
 * thread-safe but for {@link #close()}; one session serves one user at a time, any number of
 * sessions work on one model at once.
 */
public interface Session extends AutoCloseable {
  /**
   * Appends {@code message} to the conversation and generates the answer, which is appended too.
   *
   * @throws ContextOverflowException if the conversation does not fit the context
   */
  GenerationResult send(Message message);

  /**
   * Appends the request's messages to the conversation (or its prompt to the text) and generates.
   * Sampling, tools and the other options hold for this call.
   */
  GenerationResult generate(GenerationRequest request);

  /** {@link #generate} as a stream; the session is busy until the stream has ended. */
  GenerationStream stream(GenerationRequest request);

  /** {@link #generate} with a listener, on a thread of its own. */
  Generation submit(GenerationRequest request, GenerationListener listener);

  /** The conversation so far. */
  List<Message> messages();

  /** Tokens in the cache. */
  int tokenCount();

  /** The tokens in the cache. */
  List<Integer> tokens();

  /** A session with the same content; the cache is shared until they diverge. */
  Session fork();

  /** Marks the present state; see {@link #rewind}. */
  Checkpoint checkpoint();

  /**
   * Returns to a state of this session.
   *
   * @throws IllegalArgumentException if the checkpoint is another session's, or of a state that was
   *     itself rewound
   */
  void rewind(Checkpoint checkpoint);

  /**
   * Log-likelihood of {@code text} after the present content, which stays as it is.
   *
   * @return one entry a token of the text
   */
  List<TokenLogprob> score(String text);

  /** Releases the cache. A generation that runs is cancelled. Idempotent. */
  @Override
  void close();

  /** A state of a session. */
  interface Checkpoint {
    /** Tokens in the cache at that time. */
    int tokenCount();
  }
}
