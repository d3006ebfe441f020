package dev.jllm.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jllm.api.CacheType;
import dev.jllm.api.FinishReason;
import dev.jllm.api.GenerationRequest;
import dev.jllm.api.GenerationResult;
import dev.jllm.api.Model;
import dev.jllm.api.Sampling;
import dev.jllm.core.testing.DemoModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo model against what the reference engine recorded of it; needs no reference data. */
class DemoChecksTest {
  /** The reference rounds activations to 8 bits; closer than this, the other token may be best. */
  private static final double MARGIN = 0.05;

  private static Model model;
  private static JsonNode checks;

  @BeforeAll
  static void load() throws IOException {
    model =
        Model.loader(DemoModel.path()).threads(2).cacheTypes(CacheType.F32, CacheType.F32).load();
    try (InputStream in = DemoChecksTest.class.getResourceAsStream("demo-checks.json")) {
      checks = JsonMapper.builder().build().readTree(in).get("checks");
    }
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static List<Integer> list(JsonNode node) {
    List<Integer> values = new ArrayList<>();
    node.forEach(n -> values.add(n.asInt()));
    return values;
  }

  @Test
  void continuesAsRecorded() {
    int compared = 0;
    for (JsonNode check : checks) {
      JsonNode greedy = check.get("greedy").get("q8_0");
      List<Integer> expected = list(greedy.get("ids"));
      GenerationResult result =
          model.generate(
              GenerationRequest.builder()
                  .promptWithControlTokens(check.get("prompt").asText())
                  .sampling(Sampling.greedy())
                  .maxNewTokens(expected.size())
                  .build());
      assertEquals(
          list(check.get("prompt_ids")), result.promptTokens(), check.get("name").asText());
      if (greedy.get("min_margin").asDouble() >= MARGIN) {
        compared++;
        boolean ended = greedy.get("stop").asText().equals("eog");
        assertEquals(
            ended ? expected.subList(0, expected.size() - 1) : expected,
            result.outputTokens(),
            check.get("name").asText());
        assertEquals(ended ? FinishReason.END : FinishReason.LENGTH, result.finishReason());
      }
    }
    assertTrue(compared >= 15, compared + " checks are clear enough to compare");
  }
}
