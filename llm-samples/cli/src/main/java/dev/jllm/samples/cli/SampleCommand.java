package dev.jllm.samples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jllm.core.sample.Candidates;
import dev.jllm.core.sample.Sampler;
import dev.jllm.core.sample.SamplerChain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code jllm sample --jsonl IN}: applies sampler chains to given logits. Lines of kind {@code
 * vector} hold logits; each line of kind {@code case} names a vector, a chain and the tokens before
 * it, and is answered by what the chain leaves.
 */
@Command(name = "sample", description = "Applies sampler chains to given logits.")
final class SampleCommand implements Callable<Integer> {
  @Option(
      names = "--jsonl",
      required = true,
      paramLabel = "IN",
      description = "Vectors and cases, one JSON object a line.")
  Path input = Path.of("");

  private final Map<String, float[]> vectors = new HashMap<>();

  @Override
  public Integer call() throws IOException {
    SamplerJson samplers = new SamplerJson(input.toAbsolutePath().getParent());
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (BufferedReader in = Files.newBufferedReader(input)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isBlank()) {
          continue;
        }
        JsonNode node = JsonLines.MAPPER.readTree(line);
        if (node.path("kind").asText().equals("vector")) {
          vectors.put(node.path("id").asText(), logits(node.path("logits")));
        } else {
          out.println(JsonLines.MAPPER.writeValueAsString(answer(node, samplers)));
        }
      }
    }
    out.flush();
    return 0;
  }

  private ObjectNode answer(JsonNode request, SamplerJson samplers) {
    try {
      return apply(request, samplers);
    } catch (RuntimeException e) {
      ObjectNode error = JsonLines.MAPPER.createObjectNode();
      return error.put("error", e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private ObjectNode apply(JsonNode request, SamplerJson samplers) {
    float[] logits = vectors.get(request.path("vector").asText());
    if (logits == null) {
      throw new IllegalArgumentException("there is no vector " + request.path("vector"));
    }
    List<Sampler> chain = new ArrayList<>();
    for (JsonNode s : request.path("chain")) {
      chain.add(samplers.sampler(s, logits.length));
    }
    SamplerChain c = new SamplerChain(chain);
    for (JsonNode token : request.path("history")) {
      c.accept(token.intValue());
    }
    Candidates candidates = new Candidates().load(logits);
    c.apply(candidates);
    return describe(candidates, logits.length);
  }

  private static ObjectNode describe(Candidates candidates, int vocabulary) {
    int n = candidates.size();
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingInt(candidates::id))
            .mapToInt(i -> i)
            .toArray();
    double max = Math.max(candidates.maxLogit(), -Float.MAX_VALUE);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.exp(candidates.logit(i) - max);
    }
    ObjectNode reply = JsonLines.MAPPER.createObjectNode();
    if (n == vocabulary) {
      reply.put("ids", "all");
    } else {
      ArrayNode ids = reply.putArray("ids");
      for (int i : order) {
        ids.add(candidates.id(i));
      }
    }
    ArrayNode left = reply.putArray("logits");
    ArrayNode probabilities = reply.putArray("probs");
    for (int i : order) {
      float x = candidates.logit(i);
      if (x == Float.NEGATIVE_INFINITY) {
        left.add("-Infinity");
      } else {
        left.add(x);
      }
      probabilities.add(Math.exp(x - max) / sum);
    }
    if (candidates.selected() >= 0) {
      reply.put("selected", candidates.selectedId());
    }
    return reply;
  }

  private static float[] logits(JsonNode array) {
    float[] x = new float[array.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = SamplerJson.number(array.get(i));
    }
    return x;
  }
}
