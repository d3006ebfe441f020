package dev.jllm.core.testing;

import dev.jllm.api.Model;
import java.nio.file.Files;
import java.nio.file.Path;

/** The project's own small model, which the command line sample embeds. */
public final class DemoModel {
  private DemoModel() {}

  /** Its file. */
  public static Path path() {
    String place = "llm-samples/cli/src/main/resources/dev/jllm/samples/cli/demo/demo.gguf";
    Path fromModule = Path.of("..").resolve(place);
    return Files.exists(fromModule) ? fromModule : Path.of(place);
  }

  /** Loads it on two threads. */
  public static Model load() {
    return Model.loader(path()).threads(2).load();
  }
}
