package dev.jllm.core.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The recorded outputs of the reference engine: {@code JLLM_REFERENCE} or the system property
 * {@code jllm.reference}. Tests that need them are skipped, with the reason, where they are absent.
 */
public final class Reference {
  private Reference() {}

  /** The folder or file {@code parts} below the reference data; skips the test where absent. */
  public static Path path(String... parts) {
    Path root = root();
    Assumptions.assumeTrue(
        Files.isDirectory(root),
        () -> "reference data is absent: " + root + " (set JLLM_REFERENCE)");
    Path path = root;
    for (String part : parts) {
      path = path.resolve(part);
    }
    Path wanted = path;
    Assumptions.assumeTrue(Files.exists(wanted), () -> "reference data is absent: " + wanted);
    return path;
  }

  private static Path root() {
    String environment = System.getenv("JLLM_REFERENCE");
    if (environment != null && !environment.isEmpty()) {
      return Path.of(environment);
    }
    return Path.of(System.getProperty("jllm.reference", "../../shared/reference"));
  }
}
