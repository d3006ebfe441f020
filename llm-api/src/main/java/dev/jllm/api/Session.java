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

  /**
   * Generates a value of {@code type}: its form becomes the response format, see {@link
   * ResponseFormat#of}.
   *
   * <pre>{@code
   * record City(String name, int inhabitants) {}
   * City city = session.generate(GenerationRequest.user("Name a city."), City.class);
   * }</pre>
   *
   * @throws AnswerFormatException if the answer was cut off before the value was complete
   * @throws IllegalArgumentException if the type has no JSON form
   */
  default <T> T generate(GenerationRequest request, Class<T> type) {
    GenerationRequest typed = request.toBuilder().responseFormat(ResponseFormat.of(type)).build();
    return generate(typed).as(type);
  }

  /**
   * Writes several answers to one request, one after the other; the prompt is processed once.
   *
   * <p>The session stays as it is: if the conversation is to go on from one of the answers, send
   * the request's messages, that answer and the next message together.
   *
   * @param request its seed decides about all answers, each of which has a seed split from it; its
   *     timeout is for all of them together
   * @param n how many, at least 1
   * @return the answers; fewer than {@code n} if the timeout passed meanwhile
   * @throws ContextOverflowException if the prompt does not fit the context
   */
  Answers generateMany(GenerationRequest request, int n);

  /**
   * {@link #generate(GenerationRequest)} as a stream; the session is busy until the stream has
   * ended.
   */
  GenerationStream stream(GenerationRequest request);

  /** {@link #generate(GenerationRequest)} with a listener, on a thread of its own. */
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
