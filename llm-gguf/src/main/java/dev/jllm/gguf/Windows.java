package dev.jllm.gguf;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tensor data of a file, mapped read-only in as few pieces as possible: a buffer ends below 2
 * GiB. A tensor lies in one window; a larger one in windows that overlap by half, so that any part
 * of up to half a window lies in one of them.
 */
final class Windows {
  /** Bytes of the largest window: whole pages, and a little less than an array may have. */
  static final long LARGEST = 2047L << 20;

  private final Mapping mapping;
  private final long[] starts;
  private final ByteBuffer[] buffers;

  private Windows(Mapping mapping, List<Long> starts, List<ByteBuffer> buffers) {
    this.mapping = mapping;
    this.starts = starts.stream().mapToLong(Long::longValue).toArray();
    this.buffers = buffers.toArray(new ByteBuffer[0]);
  }

  /** Maps {@code tensors} of the file that begins at {@code base} of the channel. */
  static Windows map(FileChannel channel, long base, List<TensorInfo> tensors, long largest)
      throws IOException {
    Mapping mapping = Mapping.create();
    try {
      return map(mapping, channel, base, tensors, largest);
    } catch (IOException | RuntimeException e) {
      mapping.release(true);
      throw e;
    }
  }

  private static Windows map(
      Mapping mapping, FileChannel channel, long base, List<TensorInfo> tensors, long largest)
      throws IOException {
    List<TensorInfo> sorted = new ArrayList<>(tensors);
    sorted.sort(Comparator.comparingLong(TensorInfo::offset));
    List<Long> starts = new ArrayList<>();
    List<ByteBuffer> buffers = new ArrayList<>();
    int i = 0;
    while (i < sorted.size()) {
      long start = sorted.get(i).offset();
      long end = start + sorted.get(i++).bytes();
      while (i < sorted.size()
          && sorted.get(i).offset() + sorted.get(i).bytes() - start <= largest) {
        end = sorted.get(i).offset() + sorted.get(i).bytes();
        i++;
      }
      for (long at = start; ; at += largest / 2) {
        long length = Math.min(largest, end - at);
        starts.add(at);
        buffers.add(mapping.map(channel, base + at, length));
        if (at + length == end) {
          break;
        }
      }
    }
    return new Windows(mapping, starts, buffers);
  }

  /** Bytes {@code from} to {@code from + length} of the file, or null if no window holds them. */
  @Nullable ByteBuffer slice(long from, int length) {
    int index = java.util.Arrays.binarySearch(starts, from);
    index = index >= 0 ? index : -index - 2;
    if (index < 0) {
      return null;
    }
    long offset = from - starts[index];
    if (offset + length > buffers[index].capacity()) {
      return null;
    }
    ByteBuffer part = buffers[index].duplicate();
    ((Buffer) part).position((int) offset).limit((int) offset + length);
    return part.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Gives the memory back, see {@link Mapping#release}. */
  void release(boolean unread) {
    mapping.release(unread);
  }
}
