package dev.jllm.gguf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the tensor table and checks it against the file. */
final class TensorTable {
  private static final int MOST_DIMENSIONS = 4;
  private static final int MOST_TENSORS = 1_000_000;

  private final HeaderReader in;
  private final long fileLength;
  private final int shard;
  private final List<TensorInfo> tensors = new ArrayList<>();
  private final List<Long> entryOffsets = new ArrayList<>();

  TensorTable(HeaderReader in, long fileLength, int shard) {
    this.in = in;
    this.fileLength = fileLength;
    this.shard = shard;
  }

  /** The entries, offsets counted from the beginning of the file, in file order. */
  List<TensorInfo> read(long count, int alignment) {
    // A name of at least a byte with its length, dimensions, type, offset.
    in.need(count, 8 + 1 + 4 + 4 + 8, "tensors");
    if (count > MOST_TENSORS) {
      throw in.broken(count + " tensors; more than " + MOST_TENSORS + " are not accepted");
    }
    Set<String> names = new HashSet<>();
    for (long i = 0; i < count; i++) {
      in.enter("tensor " + i + " of " + count);
      long at = in.position();
      TensorInfo tensor = entry(alignment);
      if (!names.add(tensor.name())) {
        throw in.broken(at, "this name stands here for the second time; the file is damaged");
      }
      tensors.add(tensor);
      entryOffsets.add(at);
    }
    long start = (in.position() + alignment - 1) / alignment * alignment;
    for (int i = 0; i < tensors.size(); i++) {
      tensors.set(i, placed(tensors.get(i), start, entryOffsets.get(i)));
    }
    checkOverlaps();
    return tensors;
  }

  private TensorInfo entry(int alignment) {
    String name = MetadataReader.name(in, "tensor name");
    in.enter("tensor '" + name + "'");
    int dimensions = in.int32();
    if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
      throw in.broken(
          in.position() - 4,
          Integer.toUnsignedString(dimensions) + " dimensions (at most 4); the file is damaged");
    }
    long[] shape = new long[dimensions];
    long values = 1;
    for (int d = 0; d < dimensions; d++) {
      shape[d] = in.int64();
      if (shape[d] < 1 || shape[d] > Long.MAX_VALUE / values) {
        throw in.broken(
            in.position() - 8,
            "dimension "
                + d
                + " is "
                + Long.toUnsignedString(shape[d])
                + ", which no tensor can have; the file is damaged");
      }
      values *= shape[d];
    }
    GgmlType type = type();
    long row = dimensions == 0 ? 1 : shape[0];
    if (row % type.blockSize() != 0) {
      throw in.broken(
          "rows of "
              + row
              + " values do not fill the blocks of "
              + type.blockSize()
              + " values of "
              + type
              + "; the file is damaged or was converted wrongly");
    }
    if (values / type.blockSize() > Long.MAX_VALUE / type.blockBytes()) {
      throw in.broken("the tensor is larger than any file; the file is damaged");
    }
    long offset = in.int64();
    if (offset < 0 || offset % alignment != 0) {
      throw in.broken(
          in.position() - 8,
          "its data begin at "
              + Long.toUnsignedString(offset)
              + ", which is no multiple of the alignment "
              + alignment
              + "; the file is damaged");
    }
    return new TensorInfo(name, type, shape, shard, offset);
  }

  private GgmlType type() {
    int id = in.int32();
    GgmlType type = GgmlType.of(id);
    if (type == null) {
      throw in.broken(
          in.position() - 4,
          "tensor type "
              + Integer.toUnsignedString(id)
              + (GgmlType.isWithdrawn(id)
                  ? " was withdrawn from the format; get a newer version of the model"
                  : " is unknown; the file is damaged or newer than this library"));
    }
    return type;
  }

  private TensorInfo placed(TensorInfo t, long start, long entryOffset) {
    long bytes = t.bytes();
    if (t.offset() > fileLength - start || bytes > fileLength - start - t.offset()) {
      in.enter("tensor '" + t.name() + "'");
      throw in.broken(
          entryOffset,
          "its "
              + bytes
              + " bytes from offset "
              + t.offset()
              + " of the data, which begin at byte "
              + start
              + ", reach beyond the end of the file at "
              + fileLength
              + "; the file is incomplete, get it again");
    }
    return new TensorInfo(t.name(), t.type(), t.shape(), shard, start + t.offset());
  }

  private void checkOverlaps() {
    List<TensorInfo> sorted = new ArrayList<>(tensors);
    sorted.sort(Comparator.comparingLong(TensorInfo::offset));
    for (int i = 1; i < sorted.size(); i++) {
      TensorInfo before = sorted.get(i - 1);
      TensorInfo after = sorted.get(i);
      if (before.offset() + before.bytes() > after.offset()) {
        in.enter("tensor '" + after.name() + "'");
        throw in.broken(
            entryOffsets.get(tensors.indexOf(after)),
            "its data overlap those of '" + before.name() + "'; the file is damaged");
      }
    }
  }
}
