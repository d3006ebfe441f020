package dev.jllm.samples.cli;

import dev.jllm.core.cache.KvFormat;
import dev.jllm.core.kernel.WeightLayout;
import dev.jllm.core.model.LanguageModel;
import dev.jllm.core.tensor.Workers;
import dev.jllm.gguf.GgufFile;
import java.nio.file.Path;

/** A model without the engine around it, for commands that look at its numbers. */
final class CoreModel implements AutoCloseable {
  final GgufFile file;
  final Workers workers;
  final LanguageModel model;

  /** Loads a file; 0 threads are as many as processors, 0 tokens what the model was trained for. */
  CoreModel(Path path, int threads, int context, KvFormat keys, KvFormat values) {
    this(path, threads, context, keys, values, WeightLayout.AUTO);
  }

  /** The same with weights in the given layout. */
  CoreModel(
      Path path, int threads, int context, KvFormat keys, KvFormat values, WeightLayout layout) {
    file = GgufFile.open(path);
    workers = new Workers(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
    try {
      model =
          LanguageModel.load(
              file,
              new dev.jllm.core.model.ModelOptions(context, keys, values, layout, fraction -> {}),
              workers);
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    workers.close();
    file.close();
  }
}
