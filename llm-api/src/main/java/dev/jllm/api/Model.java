package dev.jllm.api;

import dev.jllm.api.spi.LoadOptions;
import dev.jllm.api.spi.ModelProvider;
import dev.jllm.api.spi.ModelProviders;
import dev.jllm.api.spi.ModelSource;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A loaded model: immutable weights that any number of threads generate with at once.
 *
 * <pre>{@code
 * try (Model model = Model.load(Path.of("model.gguf"))) {
 *   System.out.println(model.generate("Why is the sky blue?"));
 * }
 * }</pre>
 *
 * After {@link #close()} every method but {@link #close()} throws {@link IllegalStateException};
 * generations that run are cancelled, and the memory is released when the last of them has ended.
 */
public interface Model extends AutoCloseable {
  /**
   * Loads a GGUF file with the defaults.
   *
   * @throws ModelFormatException if the file is no readable GGUF file
   * @throws UnsupportedModelException if this version cannot run the model
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  static Model load(Path gguf) {
    return loader(gguf).load();
  }

  /** Options for loading a GGUF file; of a split model, any of its files. */
  static Loader loader(Path gguf) {
    return new Loader(new ModelSource.OfPath(Objects.requireNonNull(gguf, "gguf")));
  }

  /**
   * Options for loading a GGUF file that is a part of another file, such as an Android asset.
   *
   * @param channel open for reading; the caller closes it after the model
   * @param offset first byte of the model
   * @param length bytes of the model
   */
  static Loader loader(FileChannel channel, long offset, long length) {
    return new Loader(
        new ModelSource.OfChannel(Objects.requireNonNull(channel, "channel"), offset, length));
  }

  /** What the file says of the model. */
  ModelInfo info();

  /** The model's tokenizer. */
  Tokenizer tokenizer();

  /** The model's chat template; a plain one where the file has none. */
  ChatTemplate chatTemplate();

  /** How the model runs here. */
  Diagnostics diagnostics();

  /** Answers a user. Blocks until the answer is complete. */
  default String generate(String user) {
    return generate(GenerationRequest.user(user)).text();
  }

  /**
   * Generates. Blocks until the result is complete.
   *
   * @throws ContextOverflowException if the prompt does not fit the context
   */
  GenerationResult generate(GenerationRequest request);

  /**
   * Generates a value of {@code type}: its form becomes the response format, see {@link
   * ResponseFormat#of}.
   *
   * <pre>{@code
   * record City(String name, int inhabitants) {}
   * City city = model.generate(GenerationRequest.user("Name a city."), City.class);
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
   * @param request its seed decides about all answers, each of which has a seed split from it; its
   *     timeout is for all of them together
   * @param n how many, at least 1
   * @return the answers; fewer than {@code n} if the timeout passed meanwhile
   * @throws ContextOverflowException if the prompt does not fit the context
   */
  Answers generateMany(GenerationRequest request, int n);

  /** Generates on a thread of its own; the caller reads the parts as they come. */
  GenerationStream stream(GenerationRequest request);

  /** Generates on a thread of its own; {@code listener} hears of the parts as they come. */
  Generation submit(GenerationRequest request, GenerationListener listener);

  /**
   * The vectors of texts with the defaults: of length one, so that the product of two is the cosine
   * between them.
   */
  default List<float[]> embed(String... texts) {
    return embed(List.of(texts), EmbedOptions.defaults());
  }

  /**
   * The vectors of texts, each as wide as the model's hidden state.
   *
   * @throws ContextOverflowException if a text does not fit the context
   */
  List<float[]> embed(List<String> texts, EmbedOptions options);

  /** Opens a session with the defaults. */
  default Session openSession() {
    return openSession(SessionOptions.defaults());
  }

  /** Opens a session: a conversation or text that keeps its cache. */
  Session openSession(SessionOptions options);

  /** Closes the model. Idempotent; safe while others generate. */
  @Override
  void close();

  /** Loads a model with options. */
  final class Loader {
    private final ModelSource source;
    private final LoadOptions.Builder options = LoadOptions.builder();

    private Loader(ModelSource source) {
      this.source = source;
    }

    /** Threads that compute, the calling one included. Default: as many as processors. */
    public Loader threads(int threads) {
      options.threads(threads);
      return this;
    }

    /**
     * Tokens a session can hold. Default: what the model was trained for, at most 131,072. Memory
     * is taken as a session grows, not in advance.
     */
    public Loader contextLength(int tokens) {
      options.contextLength(tokens);
      return this;
    }

    /** The formats of the keys and values that sessions remember. Default F16. */
    public Loader cacheTypes(CacheType keys, CacheType values) {
      options.cacheTypes(keys, values);
      return this;
    }

    /** How weights lie in memory. Default {@link WeightLayout#AUTO}. */
    public Loader weightLayout(WeightLayout layout) {
      options.weightLayout(layout);
      return this;
    }

    /** Hears of the loading. */
    public Loader onProgress(LoadListener listener) {
      options.listener(listener);
      return this;
    }

    /**
     * Loads the model.
     *
     * @throws ModelFormatException if the file is no readable GGUF file
     * @throws UnsupportedModelException if this version cannot run the model
     * @throws java.io.UncheckedIOException if the file cannot be read
     */
    public Model load() {
      ModelProvider provider = ModelProviders.find();
      return provider.load(source, options.build());
    }
  }
}
