package dev.jllm.core.block;

import dev.jllm.core.tensor.Matrices;
import dev.jllm.core.tensor.Matrix;
import dev.jllm.gguf.GgmlType;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.ModelFormatException;
import dev.jllm.gguf.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the tensors of a file to the blocks, checks their shapes, and knows in the end which ones
 * nobody asked for. Names are given without {@code .weight}.
 */
public final class Weights {
  private final GgufFile file;
  private final Matrices matrices;
  private final Map<String, TensorInfo> tensors;
  private final Set<String> used = new HashSet<>();
  private final DoubleConsumer progress;
  private long totalBytes;
  private long usedBytes;
  private final Set<String> unusedBiases = new HashSet<>();
  private int adapterNumbers;
  private final Map<String, Matrix> whole = new java.util.HashMap<>();

  /** The tensors of {@code file}. */
  public Weights(GgufFile file, Matrices matrices) {
    this(file, matrices, fraction -> {});
  }

  /**
   * The tensors of {@code file}.
   *
   * @param progress hears of the fraction of bytes, 0 to 1, that the blocks have asked for
   */
  public Weights(GgufFile file, Matrices matrices, DoubleConsumer progress) {
    this.file = file;
    this.matrices = matrices;
    this.tensors = file.tensors();
    this.progress = progress;
    for (TensorInfo t : tensors.values()) {
      totalBytes += t.bytes();
    }
  }

  /** Whether the file has {@code name.weight}. */
  public boolean has(String name) {
    return tensors.containsKey(name + ".weight");
  }

  /** Whether the file has the tensor {@code name}, with its ending. */
  public boolean hasTensor(String name) {
    return tensors.containsKey(name);
  }

  /** Whether the file has {@code name.ending}. */
  public boolean has(String name, String ending) {
    return tensors.containsKey(name + "." + ending);
  }

  /** Marks tensors whose names contain {@code part} as known though no block uses them. */
  public void ignore(String part) {
    for (String name : tensors.keySet()) {
      if (name.contains(part)) {
        used.add(name);
      }
    }
  }

  /** The tensors that nobody asked for. */
  public List<String> unused() {
    List<String> names = new ArrayList<>(tensors.keySet());
    names.removeAll(used);
    return names;
  }

  /** Rows of the tensor {@code name.weight}, 0 where there is none. */
  public int rows(String name) {
    TensorInfo t = tensors.get(name + ".weight");
    return t == null ? 0 : Math.toIntExact(t.dimension(1));
  }

  /** Columns of the tensor {@code name.weight}, 0 where there is none. */
  public int columns(String name) {
    TensorInfo t = tensors.get(name + ".weight");
    return t == null ? 0 : Math.toIntExact(t.dimension(0));
  }

  /**
   * The first {@code length} values of the one-dimensional tensor {@code name}, with its ending.
   */
  public float[] prefix(String name, int length) {
    int all = Math.toIntExact(find(name).dimension(0));
    return Arrays.copyOf(vector(name, Math.max(all, length)), length);
  }

  private TensorInfo find(String name) {
    TensorInfo t = tensors.get(name);
    if (t == null) {
      throw new ModelFormatException("tensor '" + name + "' is missing in the file");
    }
    if (used.add(name)) {
      usedBytes += t.bytes();
      progress.accept(Math.min(1, (double) usedBytes / Math.max(1, totalBytes)));
    }
    return t;
  }

  private static TensorInfo check(TensorInfo t, long... shape) {
    for (int d = 0; d < 4; d++) {
      if (t.dimension(d) != (d < shape.length ? shape[d] : 1)) {
        throw new ModelFormatException(
            "tensor '"
                + t.name()
                + "' has the shape "
                + Arrays.toString(t.shape())
                + " where "
                + Arrays.toString(shape)
                + " is expected");
      }
    }
    return t;
  }

  /** The tensor {@code name.weight} of {@code out} rows of {@code in}, with bias and scale. */
  public Linear linear(String name, int in, int out) {
    TensorInfo t = check(find(name + ".weight"), in, out);
    Matrix m = whole.computeIfAbsent(t.name(), n -> matrices.matrix(file, t));
    return new Linear(m, bias(name, out), scale(name)).with(adapters(name, in, out));
  }

  /** Leaves the biases of matrices of these names, of all layers or of one, unused. */
  public void leaveBiases(List<String> names) {
    unusedBiases.addAll(names);
  }

  /** The bias of {@code name}, or null where there is none or where it is left unused. */
  float @Nullable [] bias(String name, int length) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    if (unusedBiases.contains(last) || unusedBiases.contains(name)) {
      used.add(name + ".bias");
      return null;
    }
    return optionalVector(name + ".bias", length);
  }

  /** Lets matrices have adapters, of {@code numbers} numbers. */
  public void expectAdapters(int numbers) {
    adapterNumbers = numbers;
  }

  /** The adapters {@code name.lora_a} and {@code name.lora_b}, or null. */
  @Nullable Adapters adapters(String name, int in, int out) {
    TensorInfo a = tensors.get(name + ".lora_a");
    if (adapterNumbers == 0 || a == null) {
      return null;
    }
    int rank = Math.toIntExact(a.dimension(1));
    return new Adapters(
        plainStack(name + ".lora_a", in, rank), plainStack(name + ".lora_b", rank, out));
  }

  private Linear[] plainStack(String name, int in, int out) {
    TensorInfo t = check(find(name), in, out, adapterNumbers);
    Linear[] all = new Linear[adapterNumbers];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Linear(matrices.matrix(file, t, i * out, out), null, 1);
    }
    return all;
  }

  /** As {@link #linear}, or null where the file has no such tensor. */
  public @Nullable Linear optionalLinear(String name, int in, int out) {
    return has(name) ? linear(name, in, out) : null;
  }

  /** Rows {@code first} to {@code first + count} of a tensor of {@code out} rows of {@code in}. */
  public Linear slice(String name, int in, int out, int first, int count) {
    TensorInfo t = check(find(name + ".weight"), in, out);
    if (first + count > out) {
      throw new ModelFormatException(
          "tensor '" + t.name() + "' has " + out + " rows, fewer than the heads need");
    }
    float[] bias = bias(name, out);
    boolean one = tensors.containsKey(name + ".scale") && columnsOf(name + ".scale") == 1;
    return new Linear(
        matrices.matrix(file, t, first, count),
        bias == null ? null : Arrays.copyOfRange(bias, first, first + count),
        one ? scale(name) : 1);
  }

  /** A stack of {@code count} matrices of {@code out} rows of {@code in}, each with its bias. */
  public Linear[] stack(String name, int in, int out, int count) {
    return stack(name, in, out, 0, out, count);
  }

  /**
   * As {@link #stack(String, int, int, int)}, of each matrix rows {@code first} to {@code first +
   * rows}.
   */
  public Linear[] stack(String name, int in, int out, int first, int rows, int count) {
    TensorInfo t = check(find(name + ".weight"), in, out, count);
    float[] bias = tensors.containsKey(name + ".bias") ? values(name + ".bias", out, count) : null;
    float[] scale = tensors.containsKey(name + ".scale") ? vector(name + ".scale", count) : null;
    Linear[] all = new Linear[count];
    for (int e = 0; e < count; e++) {
      int row = e * out + first;
      all[e] =
          new Linear(
              matrices.matrix(file, t, row, rows),
              bias == null ? null : Arrays.copyOfRange(bias, row, row + rows),
              scale == null ? 1 : scale[e]);
    }
    return all;
  }

  /** The rows of a table of vectors: {@code name.weight}. */
  public Matrix table(String name, int width, int rows) {
    TensorInfo t = check(find(name + ".weight"), width, rows);
    return whole.computeIfAbsent(t.name(), n -> matrices.matrix(file, t));
  }

  private long columnsOf(String tensor) {
    TensorInfo t = tensors.get(tensor);
    return t == null ? 0 : t.dimension(0);
  }

  private float scale(String name) {
    float[] s = optionalVector(name + ".scale", 1);
    return s == null ? 1 : s[0];
  }

  /**
   * The 32-bit integers of the tensor {@code name}, with its ending: any number of rows of {@code
   * columns}.
   *
   * @param limit what each must be below, at least 0
   */
  public int[] integers(String name, int columns, int limit) {
    TensorInfo t = find(name);
    check(t, columns, t.dimension(1));
    if (t.type() != GgmlType.I32) {
      throw new ModelFormatException(
          "tensor '" + name + "' is of type " + t.type() + " where I32 is expected");
    }
    int[] all = new int[Math.toIntExact(t.values())];
    file.map(t, 0, 4 * all.length).asIntBuffer().get(all);
    for (int v : all) {
      if (v < 0 || v >= limit) {
        throw new ModelFormatException(
            "tensor '" + name + "' has the value " + v + "; 0 to " + (limit - 1) + " make sense");
      }
    }
    return all;
  }

  /** The values of the one-dimensional tensor {@code name}, with its ending. */
  public float[] vector(String name, int length) {
    return values(name, length);
  }

  /** As {@link #vector}, or null where the file has no such tensor. */
  public float @Nullable [] optionalVector(String name, int length) {
    return tensors.containsKey(name) ? vector(name, length) : null;
  }

  /** The values of a tensor of the given shape, with its ending. */
  public float[] values(String name, int... shape) {
    TensorInfo t = find(name);
    long[] wanted = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      wanted[i] = shape[i];
    }
    check(t, wanted);
    Matrix m = matrices.matrix(file, t);
    float[] all = new float[Math.toIntExact(t.values())];
    for (int r = 0; r < m.rows(); r++) {
      m.row(r, all, r * m.columns());
    }
    return all;
  }
}
