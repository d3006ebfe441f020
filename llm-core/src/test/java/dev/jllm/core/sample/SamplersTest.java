package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.Sampling;
import dev.jllm.gguf.GgufMetadata;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplersTest {
  private static String chain(Sampling options) {
    return new Samplers(options, 100, 64, new ScriptedTexts(List.of("a", "b", "</s>"), 2))
        .chain(new SplitRandom(1))
        .toString();
  }

  @Test
  void buildsTheUsualChain() {
    assertEquals("[top_k, top_p, min_p, temperature, dist]", chain(Sampling.defaults()));
    assertEquals("[greedy]", chain(Sampling.greedy()));
    assertEquals(
        "[dry, min_p, temperature, dist]", chain(Sampling.creative()), "no top-k, no top-p");
  }

  @Test
  void buildsEverySamplerInItsUsualPlace() {
    Sampling all =
        Sampling.builder()
            .logitBias(3, 1)
            .bannedTexts(List.of("b"))
            .noRepeatNgram(3)
            .repeatPenalty(1.1f)
            .dryMultiplier(0.8f)
            .topNSigma(1)
            .typicalP(0.9f)
            .xtcProbability(0.5f)
            .dynamicTemperatureRange(0.3f)
            .build();
    assertEquals(
        "[logit_bias, banned_texts, no_repeat_ngram, penalties, dry, top_n_sigma, top_k, typical,"
            + " top_p, min_p, xtc, temp_ext, dist]",
        chain(all));
  }

  @Test
  void obeysTheOrderOfTheUser() {
    Sampling options =
        Sampling.builder().order(List.of("temp", "Nucleus", "top-k", "adaptive-p")).build();
    assertEquals("[temperature, top_p, top_k, adaptive_p]", chain(options));
    assertEquals("[infill, dist]", chain(Sampling.builder().order(List.of("infill")).build()));
    Sampling unknown = Sampling.builder().order(List.of("tarot")).build();
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> chain(unknown))
            .getMessage()
            .contains("'tarot'"));
  }

  @Test
  void putsMirostatInPlaceOfTheRest() {
    assertEquals("[temperature, mirostat]", chain(Sampling.builder().mirostat(1).build()));
    assertEquals("[temperature, mirostat_v2]", chain(Sampling.builder().mirostat(2).build()));
  }

  @Test
  void atTemperatureZeroOnlyWhatMovesTheBestMatters() {
    Sampling cold = Sampling.builder().temperature(0).repeatPenalty(1.2f).build();
    assertEquals("[penalties, greedy]", chain(cold));
    Sampling typical = Sampling.builder().temperature(0).typicalP(0.5f).build();
    assertEquals("[top_k, typical, top_p, min_p, temperature, dist]", chain(typical));
  }

  @Test
  void saysWhichOptionNeedsTheVocabulary() {
    Samplers samplers = new Samplers(Sampling.creative(), 100, 64, null);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> samplers.chain(new SplitRandom(1)))
            .getMessage()
            .contains("DRY"));
  }

  @Test
  void aChainWithoutAChoiceSaysSo() {
    SamplerChain chain = new SamplerChain(new TopK(3));
    Candidates candidates = new Candidates().load(new float[5]);
    assertTrue(
        assertThrows(IllegalStateException.class, () -> chain.choose(candidates))
            .getMessage()
            .contains("[top_k]"));
  }

  @Test
  void takesCustomSamplers() {
    Sampler odd =
        new Sampler() {
          @Override
          public String name() {
            return "odd";
          }

          @Override
          public void apply(Candidates candidates) {
            float[] x = candidates.logits();
            for (int i = 0; i < candidates.size(); i++) {
              if (candidates.id(i) % 2 == 0) {
                x[i] = Float.NEGATIVE_INFINITY;
              }
            }
            candidates.reordered();
          }

          @Override
          public Sampler copy() {
            return this;
          }
        };
    SamplerChain chain = new SamplerChain(new TopK(3), odd, new Greedy());
    assertEquals(3, chain.choose(new Candidates().load(new float[] {1, 2, 3, 4, 5, 0})));
  }

  @Test
  void honoursWhatTheModelRecommends() {
    GgufMetadata metadata =
        new GgufMetadata(
            Map.of(
                "general.sampling.temp",
                0.6f,
                "general.sampling.top_k",
                20,
                "general.sampling.top_p",
                0.9f,
                "general.sampling.penalty_repeat",
                -3f,
                "general.sampling.sequence",
                "top_k;top_p;crystal_ball;temperature",
                "general.sampling.mirostat",
                "two"));
    Sampling got = SamplingMetadata.recommended(metadata, Sampling.defaults());
    assertEquals(0.6f, got.temperature());
    assertEquals(20, got.topK());
    assertEquals(0.9f, got.topP());
    assertEquals(0.05f, got.minP());
    assertEquals(1, got.repeatPenalty(), "a negative one makes no sense");
    assertEquals(0, got.mirostat());
    assertEquals(List.of("top_k", "top_p", "temperature"), got.order());
  }

  /** After the first tokens have made room, a token costs no memory. */
  @ParameterizedTest
  @ValueSource(strings = {"default", "creative", "greedy", "everything", "mirostat"})
  void allocatesNothingPerToken(String name) throws ReflectiveOperationException {
    Sampling options =
        switch (name) {
          case "creative" -> Sampling.creative();
          case "greedy" -> Sampling.greedy();
          case "mirostat" -> Sampling.builder().mirostat(1).build();
          case "everything" ->
              Sampling.builder()
                  .logitBias(3, 1)
                  .bannedTexts(List.of("b"))
                  .repeatPenalty(1.1f)
                  .dryMultiplier(0.8f)
                  .topNSigma(1)
                  .typicalP(0.9f)
                  .xtcProbability(0.5f)
                  .dynamicTemperatureRange(0.3f)
                  .build();
          default -> Sampling.defaults();
        };
    Random random = new Random(2);
    float[] logits = new float[20_000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    SamplerChain chain =
        new Samplers(options, logits.length, 64, new ScriptedTexts(List.of("a", "b", "\n:\"*"), 2))
            .chain(new SplitRandom(1));
    Candidates candidates = new Candidates();
    long allocated = 0;
    for (int i = 0; i < 1100; i++) {
      if (i == 1000) {
        allocated = allocatedBytes();
      }
      chain.accept(chain.choose(candidates.load(logits)));
    }
    long perToken = (allocatedBytes() - allocated) / 100;
    assertTrue(perToken < 64, () -> perToken + " bytes per token");
  }

  /** By reflection, because the module under test does not read those of the management beans. */
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    return (long)
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class)
            .invoke(bean, Thread.currentThread().getId());
  }
}
