package dev.jllm.samples.cli;

import dev.jllm.api.CacheType;
import dev.jllm.api.Model;
import dev.jllm.api.WeightLayout;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which model is loaded, and how. */
final class ModelOptions {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      description = "A GGUF model; without it, the embedded demo model.")
  @Nullable Path model;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute (default: as many as processors).")
  int threads;

  @Option(
      names = {"-c", "--context"},
      paramLabel = "TOKENS",
      description = "Tokens the context holds (default: what the model was trained for).")
  int context;

  @Option(names = "--ctk", paramLabel = "TYPE", description = "Cached keys: f32, f16 or q8_0.")
  CacheType keys = CacheType.F16;

  @Option(names = "--ctv", paramLabel = "TYPE", description = "Cached values: f32, f16 or q8_0.")
  CacheType values = CacheType.F16;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description = "How weights lie in memory: auto, as_is (mapped from the file) or repack.")
  WeightLayout layout = WeightLayout.AUTO;

  /** The file to load. */
  Path file() {
    return model == null ? DemoModel.file() : model;
  }

  /** Loads the model, with a progress bar. */
  Model load() {
    Model.Loader loader = Model.loader(file()).cacheTypes(keys, values).weightLayout(layout);
    if (threads != 0) {
      loader.threads(threads);
    }
    if (context != 0) {
      loader.contextLength(context);
    }
    try (ProgressBar bar = new ProgressBar("loading")) {
      return loader.onProgress(bar::show).load();
    }
  }
}
