package dev.jllm.samples.cli;

import dev.jllm.core.model.LanguageModel;
import dev.jllm.core.model.ModelOptions;
import dev.jllm.core.model.Pooling;
import dev.jllm.core.tensor.Workers;
import dev.jllm.gguf.GgufFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The model that was asked for last, so that requests in a row load it once. */
final class LoadedModel implements AutoCloseable {
  private final Workers workers = new Workers(Runtime.getRuntime().availableProcessors());
  private @Nullable Path path;
  private @Nullable GgufFile file;
  private @Nullable LanguageModel model;
  private int context;

  /** Some models depend on the context: it holds the tokens, in steps of 256 as in llama.cpp. */
  LanguageModel get(Path wanted, int tokens) {
    int wantedContext = Math.max(1, (tokens + 255) / 256) * 256;
    LanguageModel current = model;
    if (current != null && wanted.equals(path) && context == wantedContext) {
      return current;
    }
    closeFile();
    GgufFile opened = GgufFile.open(wanted);
    file = opened;
    current = LanguageModel.load(opened, ModelOptions.comparison(wantedContext), workers);
    context = wantedContext;
    model = current;
    path = wanted;
    return current;
  }

  /** The pooling that the file of the last model names, or null. */
  @Nullable Pooling pooling() {
    GgufFile f = file;
    LanguageModel m = model;
    return f == null || m == null ? null : Pooling.of(f.metadata(), m.spec().architecture);
  }

  private void closeFile() {
    GgufFile f = file;
    file = null;
    model = null;
    if (f != null) {
      f.close();
    }
  }

  @Override
  public void close() {
    closeFile();
    workers.close();
  }
}
