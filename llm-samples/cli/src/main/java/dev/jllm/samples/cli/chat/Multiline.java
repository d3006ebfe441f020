package dev.jllm.samples.cli.chat;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Messages of several lines: a line that ends with a backslash goes on with the next one, and all
 * lines between two lines that are {@code """} are one message.
 */
final class Multiline {
  private static final String FENCE = "\"\"\"";

  private Multiline() {}

  /** Reads one line; null at the end. */
  @FunctionalInterface
  interface Lines {
    @Nullable String next() throws IOException;
  }

  static @Nullable String read(Lines lines) throws IOException {
    String line = lines.next();
    if (line == null) {
      return null;
    }
    StringBuilder message = new StringBuilder();
    if (line.strip().equals(FENCE)) {
      for (line = lines.next(); line != null && !line.strip().equals(FENCE); line = lines.next()) {
        message.append(line).append('\n');
      }
      return message.toString().stripTrailing();
    }
    while (line != null && line.endsWith("\\")) {
      message.append(line, 0, line.length() - 1).append('\n');
      line = lines.next();
    }
    return line == null ? message.toString() : message.append(line).toString();
  }
}
