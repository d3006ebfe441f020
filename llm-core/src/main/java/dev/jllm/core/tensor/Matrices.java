package dev.jllm.core.tensor;

import dev.jllm.core.kernel.Kernels;
import dev.jllm.core.kernel.KernelsLookup;
import dev.jllm.core.kernel.WeightLayout;
import dev.jllm.core.kernel.WeightSource;
import dev.jllm.core.kernel.Weights;
import dev.jllm.gguf.GgmlType;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.TensorInfo;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Makes matrices of the tensors of a file. */
public final class Matrices {
  /** Largest part of a matrix, in bytes: what a file maps of any tensor. */
  private static final long PART_BYTES = 1000L << 20;

  private final WeightLayout layout;
  private final @Nullable Workers workers;
  private final Kernels kernels = KernelsLookup.kernels();

  /**
   * A loader of matrices.
   *
   * @param layout whether weights are repacked
   * @param workers who does the repacking; null for the calling thread alone
   */
  public Matrices(WeightLayout layout, @Nullable Workers workers) {
    this.layout = layout;
    this.workers = workers;
  }

  /**
   * Weights that lie in memory as a matrix.
   *
   * @param data {@code rows} rows of {@code columns} values in blocks, little-endian; not to be
   *     changed afterwards
   */
  public static Matrix of(GgmlType type, int rows, int columns, ByteBuffer data) {
    Weights w =
        KernelsLookup.kernels()
            .weights(
                new Memory(type, rows, columns, data),
                WeightLayout.AUTO,
                (parts, part) -> {
                  for (int i = 0; i < parts; i++) {
                    part.accept(i);
                  }
                });
    return new WeightMatrix(type, rows, columns, Math.max(1, rows), new Weights[] {w});
  }

  /** The two-dimensional tensor {@code info} as a matrix, loaded by the calling thread alone. */
  public static Matrix load(GgufFile file, TensorInfo info) {
    return new Matrices(WeightLayout.AUTO, null).matrix(file, info);
  }

  /**
   * Rows {@code first} to {@code first + rows} of a tensor (one expert of a stack of matrices),
   * loaded by the calling thread alone.
   */
  public static Matrix load(GgufFile file, TensorInfo info, int first, int rows) {
    return new Matrices(WeightLayout.AUTO, null).matrix(file, info, first, rows);
  }

  /** The tensor {@code info} as a matrix of {@code shape[1] · shape[2] · shape[3]} rows. */
  public Matrix matrix(GgufFile file, TensorInfo info) {
    long rows = info.dimension(1) * info.dimension(2) * info.dimension(3);
    return matrix(file, info, 0, Math.toIntExact(rows));
  }

  /** Rows {@code first} to {@code first + rows} of a tensor: one expert of a stack of matrices. */
  public Matrix matrix(GgufFile file, TensorInfo info, int first, int rows) {
    int columns = Math.toIntExact(info.dimension(0));
    GgmlType type = info.type();
    long rowBytes = type.bytes(columns);
    // A multiple of every kernel's step, so that only the last part is ragged.
    int partRows = (int) Math.max(1, Math.min(rows, PART_BYTES / Math.max(1, rowBytes)));
    if (partRows < rows) {
      partRows = Math.max(1, partRows / 64 * 64);
    }
    Weights[] parts = new Weights[Math.max(1, (rows + partRows - 1) / partRows)];
    for (int i = 0; i < parts.length; i++) {
      int from = i * partRows;
      int count = Math.min(partRows, rows - from);
      parts[i] =
          kernels.weights(
              new Source(file, info, (first + (long) from) * rowBytes, type, count, columns),
              layout,
              this::fork);
    }
    return new WeightMatrix(type, rows, columns, partRows, parts);
  }

  private void fork(int parts, java.util.function.IntConsumer part) {
    if (workers == null) {
      for (int i = 0; i < parts; i++) {
        part.accept(i);
      }
    } else {
      workers.run(parts, (i, worker) -> part.accept(i));
    }
  }

  private record Source(
      GgufFile file, TensorInfo info, long start, GgmlType type, int rows, int columns)
      implements WeightSource {
    @Override
    public ByteBuffer map() {
      return file.map(info, start, Math.toIntExact(rows * type.bytes(columns)));
    }

    @Override
    public void read(long from, byte[] target, int length) {
      file.read(info, start + from, target, length);
    }
  }

  private record Memory(GgmlType type, int rows, int columns, ByteBuffer map)
      implements WeightSource {}
}
