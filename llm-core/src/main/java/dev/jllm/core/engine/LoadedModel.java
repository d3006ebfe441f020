package dev.jllm.core.engine;

import dev.jllm.api.Answers;
import dev.jllm.api.ChatTemplate;
import dev.jllm.api.Diagnostics;
import dev.jllm.api.EmbedOptions;
import dev.jllm.api.Generation;
import dev.jllm.api.GenerationListener;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.GenerationStream;
import dev.jllm.api.Model;
import dev.jllm.api.ModelInfo;
import dev.jllm.api.Session;
import dev.jllm.api.SessionOptions;
import dev.jllm.api.Tokenizer;
import java.util.List;
import java.util.function.IntFunction;

/** A loaded model. */
final class LoadedModel implements Model {
  private final ModelParts parts;
  private final ModelInfo info;
  private final ChatTemplate template;
  private final Tokenizer tokenizer;
  private final IntFunction<Diagnostics> diagnostics;

  /**
   * Creates the model.
   *
   * @param diagnostics makes the diagnostics for a number of active generations
   */
  LoadedModel(
      ModelParts parts,
      ModelInfo info,
      ChatTemplate template,
      IntFunction<Diagnostics> diagnostics) {
    this.parts = parts;
    this.info = info;
    this.template = template;
    this.diagnostics = diagnostics;
    tokenizer = new ModelTokenizer(parts.tokenizer(), parts.lifetime());
  }

  private void checkOpen() {
    parts.lifetime().checkOpen();
  }

  @Override
  public ModelInfo info() {
    checkOpen();
    return info;
  }

  @Override
  public Tokenizer tokenizer() {
    checkOpen();
    return tokenizer;
  }

  @Override
  public ChatTemplate chatTemplate() {
    checkOpen();
    return template;
  }

  @Override
  public Diagnostics diagnostics() {
    checkOpen();
    return diagnostics.apply(parts.lifetime().active());
  }

  @Override
  public GenerationResult generate(GenerationRequest request) {
    return session().generate(request);
  }

  @Override
  public Answers generateMany(GenerationRequest request, int n) {
    return session().generateMany(request, n);
  }

  @Override
  public GenerationStream stream(GenerationRequest request) {
    return session().stream(request);
  }

  @Override
  public Generation submit(GenerationRequest request, GenerationListener listener) {
    return session().submit(request, listener);
  }

  /** A session for one request: it holds no resource that would have to be closed. */
  private TextSession session() {
    checkOpen();
    return new TextSession(parts, info.contextLength());
  }

  @Override
  public List<float[]> embed(List<String> texts, EmbedOptions options) {
    checkOpen();
    Interruption interruption = new Interruption(null);
    parts.lifetime().enter(interruption);
    try {
      return new Embedder(parts, parts.pooling(), info.contextLength(), interruption)
          .embed(texts, options);
    } finally {
      parts.lifetime().exit(interruption);
    }
  }

  @Override
  public Session openSession(SessionOptions options) {
    checkOpen();
    if (options.contextLength() > info.contextLength()) {
      throw new IllegalArgumentException(
          "a session of "
              + options.contextLength()
              + " tokens is asked for, but the model was loaded with a context of "
              + info.contextLength()
              + "; load it with a larger contextLength");
    }
    int context = options.contextLength() == 0 ? info.contextLength() : options.contextLength();
    TextSession session = new TextSession(parts, context);
    session.reserve(Math.min(context, options.reservedTokens()));
    return session;
  }

  @Override
  public void close() {
    parts.lifetime().close();
  }
}
