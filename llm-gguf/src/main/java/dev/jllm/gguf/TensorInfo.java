package dev.jllm.gguf;

import java.util.Arrays;

/**
 * One entry of the tensor table.
 *
 * @param name the tensor's name, such as {@code blk.0.attn_q.weight}
 * @param type the format of its data
 * @param shape dimensions, the innermost (row length) first, as in the file
 * @param shard index of the file that holds the data (0 unless the model is split)
 * @param offset byte offset of the data from the beginning of that file
 */
public record TensorInfo(String name, GgmlType type, long[] shape, int shard, long offset) {
  /** Number of values. */
  public long values() {
    long n = 1;
    for (long d : shape) {
      n = Math.multiplyExact(n, d);
    }
    return n;
  }

  /** Bytes of data. */
  public long bytes() {
    return type.bytes(values());
  }

  /** The dimension at {@code index}, 1 past the last one. */
  public long dimension(int index) {
    return index < shape.length ? shape[index] : 1;
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape);
  }
}
