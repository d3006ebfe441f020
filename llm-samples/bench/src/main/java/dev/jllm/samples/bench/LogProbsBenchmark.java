package dev.jllm.samples.bench;

import dev.jllm.core.sample.LogProbs;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a request for log-probabilities adds to a token of a vocabulary of 128,256. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class LogProbsBenchmark {
  private final float[][] rows = SamplerBenchmark.rows();
  private final LogProbs logProbs = new LogProbs();
  private int next;

  /** The ten likeliest tokens and the entropy. */
  @Benchmark
  public double topTen() {
    float[] row = rows[next++ % rows.length];
    logProbs.measure(row, 0, row.length).top(10);
    return logProbs.topLogProb(9) + logProbs.entropy();
  }
}
