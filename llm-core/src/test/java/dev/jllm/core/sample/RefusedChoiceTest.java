package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A choice that is refused and made again leaves no trace but used-up random numbers. */
class RefusedChoiceTest {
  private static final int VOCABULARY = 200;
  private static final SplitRandom SEED = new SplitRandom(11);

  private static Sampler sampler(String name) {
    return switch (name) {
      case "mirostat" -> new Mirostat(VOCABULARY, 3, 0.5f, 100, SEED);
      case "mirostat_v2" -> new MirostatV2(3, 0.5f, SEED);
      default -> new AdaptiveP(0.3f, 0.8f, SEED);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"mirostat", "mirostat_v2", "adaptive_p"})
  void countsOnce(String name) {
    Random random = new Random(5);
    Sampler once = sampler(name);
    Sampler twice = sampler(name);
    Candidates candidates = new Candidates();
    float[] logits = new float[VOCABULARY];
    List<Integer> expected = new ArrayList<>();
    List<Integer> got = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      for (int i = 0; i < VOCABULARY; i++) {
        logits[i] = (float) random.nextGaussian() * 2;
      }
      float[] other = new float[VOCABULARY];
      Arrays.fill(other, 1);
      // The same random numbers for both choices that count.
      SplitRandom stream = SEED.split(step);
      twice.apply(candidates.load(other));
      twice.reseed(stream);
      once.reseed(stream);
      once.apply(candidates.load(logits));
      int token = candidates.selectedId();
      expected.add(token);
      once.accept(token);
      twice.apply(candidates.load(logits));
      got.add(candidates.selectedId());
      twice.accept(candidates.selectedId());
    }
    assertEquals(expected, got);
  }
}
