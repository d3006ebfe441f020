package dev.jllm.samples.bench;

import dev.jllm.api.Sampling;
import dev.jllm.core.sample.Candidates;
import dev.jllm.core.sample.SamplerChain;
import dev.jllm.core.sample.Samplers;
import dev.jllm.core.sample.SplitRandom;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the logits of a vocabulary of 128,256 tokens to the one chosen, by chains that people use.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class SamplerBenchmark {
  static final int VOCABULARY = 128_256;

  /** Distinct rows, so that no branch is learnt by heart and no row waits in the first cache. */
  static final int ROWS = 16;

  /** The chain; what is not the default is told by its name. */
  @Param({"default", "greedy", "creative", "penalties", "top_p", "min_p", "typical", "mirostat"})
  public String chain = "default";

  private final float[][] rows = rows();
  private final Candidates candidates = new Candidates();
  private SamplerChain samplers = new SamplerChain();
  private int next;

  /** Logits as a language model gives them: a bell curve, and a few tokens far above it. */
  static float[][] rows() {
    float[][] rows = new float[ROWS][VOCABULARY];
    Random random = new Random(1);
    for (float[] row : rows) {
      for (int i = 0; i < VOCABULARY; i++) {
        row[i] = (float) (2.5 * random.nextGaussian());
      }
      for (int i = 0; i < 100; i++) {
        row[random.nextInt(VOCABULARY)] = (float) (18 - 3 * Math.log(1 + i));
      }
    }
    return rows;
  }

  @Setup
  public void build() {
    Sampling.Builder o = Sampling.builder();
    Sampling options =
        switch (chain) {
          case "default" -> o.build();
          case "greedy" -> Sampling.greedy();
          case "creative" -> Sampling.creative().toBuilder().drySequenceBreakers(List.of()).build();
          case "penalties" -> o.repeatPenalty(1.1f).build();
          case "top_p" -> o.order(List.of("temperature", "top_p")).build();
          case "min_p" -> o.order(List.of("min_p", "temperature")).build();
          case "typical" -> o.order(List.of("typ_p", "temperature")).typicalP(0.9f).build();
          case "mirostat" -> o.mirostat(2).build();
          default -> throw new IllegalArgumentException("no chain " + chain);
        };
    samplers = new Samplers(options, VOCABULARY, 4096, null).chain(new SplitRandom(1));
  }

  /** One token. */
  @Benchmark
  public int choose() {
    int token = samplers.choose(candidates.load(rows[next++ % ROWS]));
    samplers.accept(token);
    return token;
  }
}
