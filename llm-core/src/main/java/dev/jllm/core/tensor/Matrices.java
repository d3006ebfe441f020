package dev.jllm.core.tensor;

import dev.jllm.gguf.GgmlType;
import dev.jllm.gguf.GgufFile;
import dev.jllm.gguf.ModelFormatException;
import dev.jllm.gguf.TensorInfo;
import java.nio.ByteBuffer;

/** Makes matrices of the tensors of a file. */
public final class Matrices {
  private Matrices() {}

  /** The two-dimensional tensor {@code info} as a matrix of {@code shape[1]} rows. */
  public static Matrix load(GgufFile file, TensorInfo info) {
    return load(
        file, info, 0, Math.toIntExact(info.dimension(1) * info.dimension(2) * info.dimension(3)));
  }

  /** Rows {@code first} to {@code first + rows} of a tensor: one expert of a stack of matrices. */
  public static Matrix load(GgufFile file, TensorInfo info, int first, int rows) {
    int columns = Math.toIntExact(info.dimension(0));
    if (info.type() != GgmlType.F32) {
      throw new ModelFormatException("format " + info.type() + " of " + info.name());
    }
    long rowBytes = info.type().bytes(columns);
    ByteBuffer data = file.map(info, first * rowBytes, Math.toIntExact(rows * rowBytes));
    return new Matrix() {
      @Override
      public int rows() {
        return rows;
      }

      @Override
      public int columns() {
        return columns;
      }

      @Override
      public GgmlType type() {
        return info.type();
      }

      @Override
      public void row(int row, float[] target, int offset) {
        for (int i = 0; i < columns; i++) {
          target[offset + i] = data.getFloat(4 * (row * columns + i));
        }
      }
    };
  }
}
