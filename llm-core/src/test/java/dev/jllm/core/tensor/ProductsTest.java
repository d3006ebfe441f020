package dev.jllm.core.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.core.kernel.InputForm;
import dev.jllm.core.kernel.Kernels;
import dev.jllm.core.kernel.KernelsLookup;
import dev.jllm.core.kernel.WeightLayout;
import dev.jllm.core.kernel.WeightSource;
import dev.jllm.core.kernel.Weights;
import dev.jllm.core.quant.BlockFormat;
import dev.jllm.core.quant.BlockFormats;
import dev.jllm.gguf.GgmlType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products in all formats against sums in double precision. */
class ProductsTest {
  private static final int[] ROWS = {1, 13, 31, 32, 33, 207};
  private static final WeightLayout[] LAYOUTS = {WeightLayout.AUTO, WeightLayout.AS_IS};

  /** Formats for which the vector kernels round inputs to 8 bits, a scale per 32 values. */
  private static final Set<GgmlType> VECTORS_32 =
      EnumSet.of(
          GgmlType.Q4_0,
          GgmlType.Q4_1,
          GgmlType.Q5_0,
          GgmlType.Q5_1,
          GgmlType.IQ4_NL,
          GgmlType.IQ4_XS,
          GgmlType.MXFP4);

  /** The same with a scale per 256 values. */
  private static final Set<GgmlType> VECTORS_256 =
      EnumSet.of(GgmlType.Q2_K, GgmlType.Q3_K, GgmlType.Q4_K, GgmlType.Q5_K, GgmlType.Q6_K);

  /** Of these, those that take more than {@link #ROUNDED_VECTORS} inputs as floats. */
  private static final Set<GgmlType> FEW_VECTORS = EnumSet.of(GgmlType.IQ4_NL, GgmlType.IQ4_XS);

  private static final int ROUNDED_VECTORS = 2;

  /** More inputs than these stay floats in the plain kernels. */
  private static final int ROUNDED_PLAIN = 5;

  private static final int[] COUNTS = {1, 2, 3, 4, 5, 7, 13, 33, 70};

  /** Rounding of floats in sums of some thousand terms. */
  private static final double FLOATS = 3e-6;

  /**
   * The error of inputs rounded to integers up to {@code largest}, of which {@code values} share a
   * scale: a step is max / largest, its error has the deviation step / √12, and √E[max²] of 32
   * normally distributed values is 2.39, of 256 values 3.07.
   */
  private static double rounded(int values, int largest) {
    return (values == 32 ? 2.39 : 3.07) / (largest * Math.sqrt(12));
  }

  /**
   * The published bound of the error: the root of Σ(y − y')² / Σ(w·x)² for normally distributed
   * inputs.
   */
  static double bound(GgmlType type, WeightLayout layout, int columns, int count) {
    if (layout == WeightLayout.AS_IS) {
      return FLOATS;
    }
    if (KernelsLookup.kernels().name().equals("vector")) {
      return vectorBound(type, columns, count);
    }
    if (count > ROUNDED_PLAIN) {
      return FLOATS;
    }
    return switch (type) {
      case Q4_0, Q4_1 -> rounded(32, 127);
      case Q4_K -> rounded(256, 127);
      case Q5_K, Q6_K -> rounded(256, 1023);
      // Where the compiler converts integers to floats in vectors, they have 20 bits.
      case Q8_0 -> Runtime.version().feature() >= 20 ? FLOATS : rounded(32, 1023);
      default -> FLOATS;
    };
  }

  private static double vectorBound(GgmlType type, int columns, int count) {
    if (FEW_VECTORS.contains(type) && count > ROUNDED_VECTORS) {
      return FLOATS;
    }
    if (type == GgmlType.MXFP4 && columns % 64 != 0) {
      return FLOATS; // half a unit: not repacked
    }
    if (VECTORS_32.contains(type)) {
      return rounded(32, 127);
    }
    return VECTORS_256.contains(type) ? rounded(256, 127) : FLOATS;
  }

  /** The formats that the vector kernels repack and multiply by 16-bit integers. */
  private static Set<GgmlType> repackedInVectors() {
    Set<GgmlType> all = EnumSet.copyOf(VECTORS_32);
    all.addAll(VECTORS_256);
    return all;
  }

  private static boolean isWeight(GgmlType type) {
    return BlockFormats.has(type) && type != GgmlType.Q8_1 && type != GgmlType.Q8_K;
  }

  private static int[] columns(GgmlType type) {
    int block = type.blockSize();
    if (block == 1) {
      return new int[] {1, 13, 33, 207, 4098};
    }
    if (type == GgmlType.MXFP4) {
      return new int[] {32, 64, 576, 1056}; // units of 64 are repacked
    }
    return new int[] {block, 3 * block, 9 * block, 33 * block > 4096 ? 17 * block : 33 * block};
  }

  /** Random blocks whose values are finite: quantised where the format can be written. */
  private static ByteBuffer blocks(GgmlType type, int values, Random random) {
    BlockFormat format = BlockFormats.of(type);
    ByteBuffer data =
        ByteBuffer.allocateDirect((int) type.bytes(values)).order(ByteOrder.LITTLE_ENDIAN);
    if (format.quantizes()) {
      float[] f = new float[values];
      for (int i = 0; i < values; i++) {
        f[i] = (float) random.nextGaussian();
      }
      format.quantize(f, 0, data, 0, values);
    } else {
      for (int i = 0; i < data.capacity(); i++) {
        data.put(i, (byte) (random.nextInt() & 0x2f)); // no large exponents
      }
    }
    return data;
  }

  private static WeightSource source(GgmlType type, int rows, int columns, ByteBuffer data) {
    return new WeightSource() {
      @Override
      public GgmlType type() {
        return type;
      }

      @Override
      public int rows() {
        return rows;
      }

      @Override
      public int columns() {
        return columns;
      }

      @Override
      public ByteBuffer map() {
        return data;
      }
    };
  }

  private static Matrix matrix(
      GgmlType type, int rows, int columns, ByteBuffer data, WeightLayout layout) {
    Kernels k = KernelsLookup.kernels();
    Weights w =
        k.weights(
            source(type, rows, columns, data),
            layout,
            (parts, part) -> {
              for (int i = 0; i < parts; i++) {
                part.accept(i);
              }
            });
    return new WeightMatrix(type, rows, columns, Math.max(1, rows), new Weights[] {w});
  }

  private static Activations random(int count, int width, Random r) {
    Activations x = new Activations(width).resize(count);
    for (int i = 0; i < count * width; i++) {
      x.data()[i] = (float) r.nextGaussian();
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource(GgmlType.class)
  void agreesWithDoublePrecision(GgmlType type) {
    if (!isWeight(type)) {
      return;
    }
    Random r = new Random(type.id());
    try (Workers workers = new Workers(2)) {
      int n = 0;
      for (int columns : columns(type)) {
        for (int rows : ROWS) {
          ByteBuffer data = blocks(type, rows * columns, r);
          for (WeightLayout layout : LAYOUTS) {
            Matrix m = matrix(type, rows, columns, data, layout);
            int count = COUNTS[n++ % COUNTS.length];
            check(m, data, count, workers, bound(type, layout, columns, count), r);
          }
        }
      }
    }
  }

  private static void check(
      Matrix m, ByteBuffer data, int count, Workers workers, double bound, Random r) {
    int columns = m.columns();
    BlockFormat format = BlockFormats.of(m.type());
    Activations x = random(count, columns, r);
    Activations y = new Activations(m.rows());
    new Products().add(m, x, y).run(workers);
    float[] expected = new float[columns];
    float[] row = new float[columns];
    double error = 0;
    double size = 0;
    for (int i = 0; i < m.rows(); i++) {
      format.dequantize(data, i * (int) m.type().bytes(columns), expected, 0, columns);
      m.row(i, row, 0);
      assertArrayEquals(expected, row, m.type() + " row " + i);
      for (int t = 0; t < count; t++) {
        double sum = 0;
        for (int c = 0; c < columns; c++) {
          double term = (double) expected[c] * x.data()[t * columns + c];
          sum += term;
          size += term * term; // the expected square of the sum, never near zero by chance
        }
        double d = y.data()[t * m.rows() + i] - sum;
        error += d * d;
      }
    }
    double relative = size == 0 ? error : Math.sqrt(error / size);
    // A root mean square over few products scatters by its nature: three deviations are allowed,
    // of the products and of the blocks' largest inputs, which deviate by a quarter and which all
    // rows share.
    double blocks = count * Math.max(1, columns / 256.0);
    double scatter = 3 / Math.sqrt((double) count * m.rows()) + 0.75 / Math.sqrt(blocks);
    double allowed = bound * (1 + scatter);
    assertTrue(
        relative <= allowed,
        () -> m.type() + " " + m.rows() + "x" + columns + " times " + count + ": " + relative);
  }

  /** The page of formats names those that are repacked, and no others are. */
  @Test
  void pageNamesTheRepackedFormats() throws IOException {
    String mark = "* **repacked by the vector kernels**: ";
    String line =
        Files.readAllLines(Path.of("..", "docs", "formats.md")).stream()
            .filter(l -> l.startsWith(mark))
            .findFirst()
            .orElseThrow();
    Set<GgmlType> named = EnumSet.noneOf(GgmlType.class);
    for (String name : line.substring(mark.length()).split(" ")) {
      named.add(GgmlType.valueOf(name));
    }
    assertEquals(repackedInVectors(), named);
    Kernels kernels = KernelsLookup.kernels();
    if (!kernels.name().equals("vector")) {
      return;
    }
    for (GgmlType type : GgmlType.values()) {
      if (isWeight(type)) {
        ByteBuffer data = blocks(type, 40 * 256, new Random(1));
        WeightSource source = source(type, 40, 256, data);
        Weights w = kernels.weights(source, WeightLayout.REPACK, (n, part) -> {});
        InputForm form = w.form(1);
        assertEquals(VECTORS_32.contains(type), form == InputForm.BLOCKS_32, type.name());
        assertEquals(VECTORS_256.contains(type), form == InputForm.BLOCKS_256, type.name());
      }
    }
  }

  /** Whoever works, and however the rows are divided, results are the same to the bit. */
  @ParameterizedTest
  @EnumSource(GgmlType.class)
  void anyNumberOfWorkersGivesTheSame(GgmlType type) {
    if (!isWeight(type)) {
      return;
    }
    Random r = new Random(5);
    int columns = 768;
    int rows = 333;
    Matrix m = matrix(type, rows, columns, blocks(type, rows * columns, r), WeightLayout.AUTO);
    for (int count : new int[] {1, 5, 40}) {
      Activations x = random(count, columns, r);
      float[] first = new float[0];
      for (int size = 1; size <= 4; size++) {
        try (Workers workers = new Workers(size)) {
          Activations y = new Activations(rows);
          Activations z = new Activations(rows);
          new Products().add(m, x, y).add(m, x, z).run(workers);
          assertArrayEquals(y.data(), z.data());
          if (size == 1) {
            first = y.data();
          } else {
            assertArrayEquals(first, y.data(), type + " by " + size);
          }
        }
      }
    }
  }

  @Test
  void extremeInputsStayWithinTheIntegersOfTheirBlocks() {
    for (GgmlType type : repackedInVectors()) {
      Random r = new Random(3);
      int columns = 512;
      int rows = 40;
      ByteBuffer data = blocks(type, rows * columns, r);
      for (int i = 0; i < data.capacity(); i++) {
        // Where weights are, all bits set or none: the largest sums there are.
        int at = i % type.blockBytes();
        boolean weight =
            switch (type) {
              case Q4_0, Q5_0, IQ4_NL -> at >= 2;
              case IQ4_XS -> at >= 8;
              case Q4_1, Q5_1 -> at >= 4;
              case MXFP4 -> at >= 1;
              case Q2_K -> at >= 16 && at < 80;
              case Q3_K -> at < 96;
              case Q4_K, Q5_K -> at >= 16;
              default -> at < 192;
            };
        if (weight) {
          data.put(i, (byte) (i / type.blockBytes() % 2 == 0 ? -1 : 0));
        }
      }
      try (Workers workers = new Workers(2)) {
        Matrix m = matrix(type, rows, columns, data, WeightLayout.REPACK);
        float[] row = new float[columns];
        for (int count : new int[] {1, 6}) {
          Activations x = new Activations(columns).resize(count);
          for (int i = 0; i < count * columns; i++) {
            x.data()[i] = i % columns / 256 == 0 ? 1e30f : -1e30f;
          }
          Activations y = new Activations(rows);
          new Products().add(m, x, y).run(workers);
          for (int i = 0; i < rows; i++) {
            m.row(i, row, 0);
            double sum = 0;
            double size = 0;
            for (int c = 0; c < columns; c++) {
              sum += (double) row[c] * x.data()[c];
              size += Math.abs((double) row[c] * x.data()[c]);
            }
            assertEquals(sum, y.data()[i], 1e-5 * size, type + " row " + i);
          }
        }
      }
    }
  }

  /** Of float weights, a batch gives what its vectors give alone. */
  @Test
  void batchAndSingleVectorsAgree() {
    Random r = new Random(8);
    for (GgmlType type : new GgmlType[] {GgmlType.F32, GgmlType.F16, GgmlType.BF16}) {
      int columns = 300;
      int rows = 70;
      Matrix m = matrix(type, rows, columns, blocks(type, rows * columns, r), WeightLayout.AUTO);
      Activations x = random(37, columns, r);
      Activations batch = new Activations(rows);
      try (Workers workers = new Workers(2)) {
        new Products().add(m, x, batch).run(workers);
        double error = 0;
        double size = 0;
        for (int t = 0; t < 37; t++) {
          Activations y = new Activations(rows).resize(1);
          new Products().add(m, x, t, y, 0, 1).run(workers);
          for (int i = 0; i < rows; i++) {
            double d = y.data()[i] - batch.data()[t * rows + i];
            error += d * d;
            size += (double) y.data()[i] * y.data()[i];
          }
        }
        assertTrue(error / size < 1e-11, type + ": " + error / size);
      }
    }
  }
}
