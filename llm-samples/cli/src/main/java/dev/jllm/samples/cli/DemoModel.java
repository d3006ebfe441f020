package dev.jllm.samples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The small model that is embedded in this jar, for running everything without a download. */
final class DemoModel {
  private static final String RESOURCE = "demo/demo.gguf";

  private DemoModel() {}

  /** A file with the model; made anew in the temporary folder, and removed when the JVM ends. */
  static Path file() {
    try (InputStream in = DemoModel.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks its demo model; name a model with -m");
      }
      Path file = Files.createTempFile("jllm-demo-", ".gguf");
      file.toFile().deleteOnExit();
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the demo model to the temporary folder", e);
    }
  }
}
