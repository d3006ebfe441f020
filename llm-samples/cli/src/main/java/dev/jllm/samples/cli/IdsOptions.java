package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that feed token ids to a model and write numbers. */
final class IdsOptions {
  @Option(names = "-m", description = "The model, a GGUF file.")
  @Nullable Path model;

  @Option(names = "--ids", split = ",", description = "Token ids.")
  int @Nullable [] ids;

  @Option(names = "--out", description = "The file to write, little-endian floats.")
  @Nullable Path out;

  @Option(names = "--jsonl", description = "A file with one JSON object a line, see the manual.")
  @Nullable Path jsonl;

  /** The model's file; the demo model's where none is named. */
  Path model() {
    return model == null ? DemoModel.file() : model;
  }

  /** Answers the requests of {@code --jsonl}; false where it was not given. */
  boolean answerLines(JsonLines.Answer answer) {
    Path requests = jsonl;
    if (requests != null) {
      JsonLines.answer(requests, answer);
    }
    return requests != null;
  }

  /** The ids of a request. */
  static int[] array(JsonNode node) {
    int[] a = new int[node.size()];
    for (int i = 0; i < a.length; i++) {
      a[i] = node.get(i).asInt();
    }
    return a;
  }

  /** The first {@code n} values as the commands write them. */
  static byte[] bytes(float[] values, int n) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * n).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, 0, n);
    return bytes.array();
  }
}
