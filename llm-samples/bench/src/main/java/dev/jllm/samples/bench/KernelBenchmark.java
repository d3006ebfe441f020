package dev.jllm.samples.bench;

import dev.jllm.core.quant.BlockFormat;
import dev.jllm.core.quant.BlockFormats;
import dev.jllm.core.tensor.Activations;
import dev.jllm.core.tensor.Matrices;
import dev.jllm.core.tensor.Matrix;
import dev.jllm.core.tensor.Products;
import dev.jllm.core.tensor.Workers;
import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A matrix of 2048 × 2048 in each format times one vector (decoding) and 120 vectors (a prompt), in
 * cache. 4.19 M multiply-adds a vector: divide by the time for the rate. {@code -prof gc} shows
 * that nothing is allocated.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {
  private static final int SIZE = 2048;

  /** The format of the weights. */
  @Param({
    "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
    "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4"
  })
  public GgmlType type = GgmlType.Q4_0;

  /** Input vectors. */
  @Param({"1", "120"})
  public int count = 1;

  /** Threads. */
  @Param("1")
  public int threads = 1;

  private final Products products = new Products();
  private Workers workers = new Workers(1);
  private Matrix matrix = new Nothing();
  private Activations x = new Activations(SIZE);
  private final Activations y = new Activations(SIZE);

  /** Stands where there is no matrix yet. */
  private static final class Nothing implements Matrix {
    @Override
    public int rows() {
      return 0;
    }

    @Override
    public int columns() {
      return 0;
    }

    @Override
    public GgmlType type() {
      return GgmlType.F32;
    }

    @Override
    public void row(int row, float[] target, int offset) {}
  }

  /** Random weights and inputs. */
  @Setup(Level.Trial)
  public void setUp() {
    Random random = new Random(1);
    float[] row = new float[SIZE];
    ByteBuffer data =
        ByteBuffer.allocateDirect(SIZE * (int) type.bytes(SIZE)).order(ByteOrder.LITTLE_ENDIAN);
    BlockFormat format = BlockFormats.of(type);
    for (int r = 0; r < SIZE; r++) {
      for (int c = 0; c < SIZE; c++) {
        row[c] = (float) random.nextGaussian();
      }
      format.quantize(row, 0, data, r * (int) type.bytes(SIZE), SIZE);
    }
    workers = new Workers(threads);
    matrix = Matrices.of(type, SIZE, SIZE, data);
    x = new Activations(SIZE).resize(count);
    for (int i = 0; i < count * SIZE; i++) {
      x.data()[i] = (float) random.nextGaussian();
    }
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void tearDown() {
    workers.close();
  }

  /** Matrix × vectors. */
  @Benchmark
  public float[] product() {
    products.add(matrix, x, y).run(workers);
    return y.data();
  }
}
