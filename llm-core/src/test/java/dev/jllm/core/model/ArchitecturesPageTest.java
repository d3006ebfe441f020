package dev.jllm.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ArchitecturesPageTest {
  /** With {@code jllm.update} the list is made anew, with the distances that the page names. */
  @Test
  void pageIsUpToDate() throws IOException {
    if (System.getProperty("jllm.update") != null) {
      ArchitecturesPage.write(ArchitecturesPage.read());
    }
    assertEquals(
        ArchitecturesPage.text(ArchitecturesPage.read()),
        Files.readString(ArchitecturesPage.PATH),
        "docs/architectures.md is stale; mvn test -Djllm.update writes it anew");
  }
}
