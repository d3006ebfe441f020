package dev.jllm.core.tensor;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.InputForm;
import dev.jllm.core.kernel.Kernels;
import dev.jllm.core.kernel.KernelsLookup;
import dev.jllm.core.kernel.Weights;
import java.util.Arrays;

/**
 * A reusable list of matrix products that run as one parallel region: the query, key and value
 * projections together, gate and up together, all experts of a layer together. Inputs that occur
 * several times are prepared (quantised) once.
 */
public final class Products {
  /** Multiply-adds that are worth a part of their own: some thirty microseconds. */
  private static final long PART_WORK = 800_000;

  private final Kernels kernels = KernelsLookup.kernels();
  private Product[] products = new Product[0];
  private int size;

  private final Workers.Task prepare = this::prepare;
  private final Workers.Task multiply = this::multiply;

  /** Of a run: who works, the inputs' and products' first parts. */
  private Workers workers = NOBODY;

  private Inputs inputs = NO_INPUTS;
  private int[] firstPreparation = new int[8];
  private int[] firstPart = new int[8];

  private static final Workers NOBODY = new Workers(1);
  private static final Inputs NO_INPUTS = new Inputs();

  private static final Activations NOTHING = new Activations(0);

  private static final class Product {
    Weights w = NO_WEIGHTS;
    Activations x = NOTHING;
    int xRow;
    Activations y = NOTHING;
    int yRow;
    int yColumn;
    int count;
    int input;
    int rowsPerPart;
  }

  private static final Weights NO_WEIGHTS =
      new Weights(dev.jllm.gguf.GgmlType.F32, 0, 0) {
        @Override
        public void row(int row, float[] target, int offset) {}

        @Override
        public InputForm form(int count) {
          return InputForm.ROWS;
        }

        @Override
        public int rowStep(int count) {
          return 1;
        }

        @Override
        public void multiply(
            Input in,
            int from,
            int to,
            float[] y,
            int yAt,
            int yStride,
            dev.jllm.core.kernel.Scratch scratch) {}
      };

  /** Empties the list. */
  public Products clear() {
    size = 0;
    return this;
  }

  /** Adds {@code y = W x} for all rows of {@code x}; {@code y} is resized to as many rows. */
  public Products add(Matrix w, Activations x, Activations y) {
    y.resize(x.rows());
    return add(w, x, 0, y, 0, x.rows());
  }

  /**
   * Adds {@code y[yRow + i] = W x[xRow + i]} for {@code i < count}. Rows of one {@code y} written
   * by different products must not overlap.
   */
  public Products add(Matrix w, Activations x, int xRow, Activations y, int yRow, int count) {
    if (w.columns() != x.width() || w.rows() != y.width()) {
      throw new IllegalArgumentException(
          "matrix of "
              + w.rows()
              + " x "
              + w.columns()
              + " times "
              + x.width()
              + " into "
              + y.width());
    }
    if (count > 0) {
      WeightMatrix m = (WeightMatrix) w;
      for (int i = 0; i < m.parts(); i++) {
        Product p = next();
        p.w = m.part(i);
        p.x = x;
        p.xRow = xRow;
        p.y = y;
        p.yRow = yRow;
        p.yColumn = m.firstRow(i);
        p.count = count;
      }
    }
    return this;
  }

  private Product next() {
    if (size == products.length) {
      products = Arrays.copyOf(products, Math.max(4, 2 * size));
      for (int i = size; i < products.length; i++) {
        products[i] = new Product();
      }
      firstPart = new int[products.length + 1];
      firstPreparation = new int[products.length + 1];
    }
    return products[size++];
  }

  /** Computes all products and empties the list. */
  public void run(Workers by) {
    if (size == 0) {
      return;
    }
    by.lock();
    try {
      workers = by;
      inputs = by.inputs();
      inputs.clear();
      int parts = 0;
      long partWork = partWork(by.size());
      for (int i = 0; i < size; i++) {
        Product p = products[i];
        InputForm form = p.w.form(p.count);
        p.input =
            inputs.add(p.x.data(), p.xRow * p.x.width(), p.x.width(), p.count, p.w.columns(), form);
        int step = p.w.rowStep(p.count);
        p.rowsPerPart = (int) (Math.max(1, partWork / (work(p) * step)) * step);
        firstPart[i] = parts;
        parts += (p.w.rows() + p.rowsPerPart - 1) / p.rowsPerPart;
      }
      firstPart[size] = parts;
      prepareAll(by);
      by.run(parts, multiply);
    } finally {
      size = 0;
      workers = NOBODY;
      inputs = NO_INPUTS;
      by.unlock();
    }
  }

  /** Enough parts for everybody, also where all is little. */
  private long partWork(int workerCount) {
    long all = 0;
    for (int i = 0; i < size; i++) {
      all += work(products[i]) * products[i].w.rows();
    }
    return Math.min(PART_WORK, all / (4L * workerCount));
  }

  /** Multiply-adds of a row. */
  private static long work(Product p) {
    return Math.max(1, (long) p.w.columns() * p.count);
  }

  private void prepareAll(Workers by) {
    int parts = 0;
    boolean large = false;
    for (int i = 0; i < inputs.size(); i++) {
      Input in = inputs.get(i);
      firstPreparation[i] = parts;
      parts += kernels.prepareParts(in);
      large |= (long) in.count * in.columns > 40_000;
    }
    firstPreparation[inputs.size()] = parts;
    if (large) {
      by.run(parts, prepare);
    } else {
      for (int i = 0; i < parts; i++) {
        prepare(i, 0);
      }
    }
  }

  private void prepare(int part, int worker) {
    int i = find(firstPreparation, inputs.size(), part);
    kernels.prepare(inputs.get(i), part - firstPreparation[i], workers.scratch(worker));
  }

  private void multiply(int part, int worker) {
    int i = find(firstPart, size, part);
    Product p = products[i];
    int from = (part - firstPart[i]) * p.rowsPerPart;
    int to = Math.min(p.w.rows(), from + p.rowsPerPart);
    p.w.multiply(
        inputs.get(p.input),
        from,
        to,
        p.y.data(),
        p.yRow * p.y.width() + p.yColumn,
        p.y.width(),
        workers.scratch(worker));
  }

  /** The last of {@code n} ranges that begins at or before {@code part} and is not empty. */
  private static int find(int[] first, int n, int part) {
    int low = 0;
    int high = n - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (first[middle] <= part) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
