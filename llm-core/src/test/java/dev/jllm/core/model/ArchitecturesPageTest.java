package dev.jllm.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ArchitecturesPageTest {
  @Test
  void pageIsUpToDate() throws IOException {
    assertEquals(
        ArchitecturesPage.text(ArchitecturesPage.read()),
        Files.readString(ArchitecturesPage.PATH),
        "docs/architectures.md is stale; mvn test -Djllm.update writes it anew");
  }
}
