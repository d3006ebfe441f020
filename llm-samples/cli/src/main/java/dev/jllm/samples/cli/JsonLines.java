package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The {@code --jsonl} form of a command: each line of the file is answered by a line on stdout. */
final class JsonLines {
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private JsonLines() {}

  /** Answers one request. */
  @FunctionalInterface
  interface Answer {
    ObjectNode to(JsonNode request) throws Exception;
  }

  /** A line whose answer throws is answered by {@code {"error": message}}. */
  static void answer(Path file, Answer answer) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isBlank()) {
          continue;
        }
        ObjectNode reply;
        try {
          reply = answer.to(MAPPER.readTree(line));
        } catch (Exception e) {
          reply = MAPPER.createObjectNode();
          reply.put("error", e.getMessage() == null ? e.toString() : e.getMessage());
        }
        out.println(MAPPER.writeValueAsString(reply));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.flush();
  }
}
