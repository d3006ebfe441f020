package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.PairTile.TILE;
import static dev.jllm.core.kernel.vector.PairTile.VECTORS;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.InputForm;
import dev.jllm.core.kernel.Kernels.Forker;
import dev.jllm.core.kernel.RowReader;
import dev.jllm.core.kernel.RowReaders;
import dev.jllm.core.kernel.Scratch;
import dev.jllm.core.kernel.WeightSource;
import dev.jllm.core.kernel.Weights;
import dev.jllm.gguf.GgmlType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Repacked weights below 8 bits, multiplied in 16-bit lanes. */
final class PairWeights extends Weights {
  /** Columns of matrix × matrix at a time: their weights stay in the innermost cache. */
  private static final int STRETCH = PairInput.STRETCH;

  private final PairFormat format;

  /**
   * The groups, several in each. A thread allocates what it repacks: memory is cleared, and its
   * pages are given out, by the thread that allocates it, which takes as long as repacking. There
   * are few, so that reading is one long stream all the same, and so that mappings do not run out.
   */
  private final MemorySegment[] chunks;

  private final int groupsOfChunk;

  private final long groupBytes;
  private final int groups;

  PairWeights(WeightSource source, PairFormat format, Forker forker) {
    super(source.type(), source.rows(), source.columns());
    this.format = format;
    groups = (rows() + L - 1) / L;
    groupBytes = (long) columns() / format.unit() * format.words() * 2 * L;
    MemorySegment file = MemorySegment.ofBuffer(source.map());
    groupsOfChunk = Math.max(8, (groups + 15) / 16);
    chunks = new MemorySegment[(groups + groupsOfChunk - 1) / groupsOfChunk];
    forker.run(
        chunks.length,
        chunk -> {
          int from = chunk * groupsOfChunk;
          int to = Math.min(groups, from + groupsOfChunk);
          // Room at the end, as narrow machines load more bytes than they use.
          chunks[chunk] = OffHeap.allocate((to - from) * groupBytes + 64);
          for (int g = from; g < to; g++) {
            pack(source.type(), file, g);
          }
        });
    if (file.isMapped()) {
      file.unload(); // the file's pages are not needed any more
    }
  }

  private MemorySegment chunk(int group) {
    return chunks[group / groupsOfChunk];
  }

  /** Where a group begins in its chunk. */
  private long at(int group) {
    return group % groupsOfChunk * groupBytes;
  }

  private void pack(GgmlType type, MemorySegment source, int group) {
    int words = (int) type.bytes(columns()) / 2;
    int n = Math.min(L, rows() - group * L);
    short[] file = new short[n * words];
    MemorySegment.copy(source, Segments.SHORT, 2L * group * L * words, file, 0, file.length);
    int blockWords = (int) type.bytes(format.unit()) / 2;
    short[] packed = new short[(int) (groupBytes / 2)];
    for (int u = 0; u < columns() / format.unit(); u++) {
      for (int lane = 0; lane < n; lane++) {
        format.pack(file, lane * words + u * blockWords, packed, u * format.words() * L + lane);
      }
    }
    MemorySegment.copy(packed, 0, chunk(group), Segments.SHORT, at(group), packed.length);
  }

  @Override
  public void row(int row, float[] target, int offset) {
    byte[] block = new byte[(int) type().bytes(format.unit())];
    RowReader reader =
        RowReaders.of(type(), ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN), format.unit());
    for (int u = 0; u < columns() / format.unit(); u++) {
      long at = at(row / L) + (long) u * format.words() * 2 * L + 2 * (row % L);
      format.restore(chunk(row / L), at, block);
      reader.read(0, 0, format.unit(), target, offset + u * format.unit());
    }
  }

  @Override
  public InputForm form(int count) {
    if (format.wide() && count > PairInput.FEW) {
      return InputForm.ROWS;
    }
    return format.nested() ? InputForm.BLOCKS_256 : InputForm.BLOCKS_32;
  }

  @Override
  public int rowStep(int count) {
    return count <= PairInput.FEW ? L : 2 * L;
  }

  @Override
  public void multiply(
      Input in, int from, int to, float[] y, int yAt, int yStride, Scratch scratch) {
    if (in.count <= PairInput.FEW) {
      few(in, from, to, y, yAt, yStride, scratch);
      return;
    }
    int tiles = (in.count + TILE - 1) / TILE;
    float[] acc = scratch.floats(0, tiles * VECTORS * L);
    short[] pairs = scratch.shorts(0, STRETCH * 2 * L);
    int[] sums = scratch.ints(0, 16 * VECTORS * L);
    float[] panel = scratch.floats(1, format.wide() ? STRETCH * 2 * L : 0);
    float[] x = scratch.floats(2, format.wide() ? STRETCH * TILE : 0);
    PairScales scales = scratch.object(PairScales.class, PairScales::new);
    for (int r = from; r < to; r += 2 * L) {
      Arrays.fill(acc, 0, tiles * VECTORS * L, 0);
      for (int c = 0; c < columns(); c += STRETCH) {
        int n = Math.min(STRETCH, columns() - c);
        unpack(r / L, c, n, pairs, scales);
        if (format.wide()) {
          WidePanel.fill(pairs, scales, format.block(), n, panel);
          for (int t = 0; t < tiles; t++) {
            WidePanel.multiply(in, t, c, n, panel, x, acc, t * VECTORS * L);
          }
        } else {
          for (int t = 0; t < tiles; t++) {
            tile(in, t, c, n, pairs, sums, scales, acc);
          }
        }
      }
      store(acc, Math.min(2 * L, rows() - r), in.count, y, yAt + r, yStride);
    }
  }

  private void few(Input in, int from, int to, float[] y, int yAt, int yStride, Scratch scratch) {
    float[] out = scratch.floats(0, L);
    for (int r = from; r < to; r += L) {
      for (int t = 0; t < in.count; t++) {
        format.decode(chunk(r / L), at(r / L), columns(), in, t, out, scratch);
        System.arraycopy(out, 0, y, yAt + t * yStride + r, Math.min(L, to - r));
      }
    }
  }

  private void unpack(int group, int c, int n, short[] pairs, PairScales scales) {
    int unit = format.unit();
    for (int side = 0; side < 2; side++) {
      // The last group may stand alone; its neighbour's results are thrown away.
      int g = Math.min(groups - 1, group + side);
      for (int i = 0; i < n; i += unit) {
        long at = at(g) + (long) ((c + i) / unit) * format.words() * 2 * L;
        int blocks = i / format.block();
        format.unpack(
            chunk(g), at, pairs, i * 2 * L + side * 2 * L, scales, blocks * 2 * L + side * L);
      }
    }
  }

  private void tile(
      Input in, int t, int c, int n, short[] pairs, int[] sums, PairScales s, float[] acc) {
    int blocks = n / format.block();
    int a = PairInput.tile(in, t, c, 2);
    int da = PairInput.tile(in, t, c, PairInput.scaleBlock(in));
    int ao = t * VECTORS * L;
    if (format.block() == 32) {
      PairTile.thirtyTwos(pairs, in.ints, a, blocks, sums);
    } else {
      PairTile.sixteens(pairs, in.ints, a, blocks, sums);
    }
    if (format.nested()) {
      PairSums.nested(sums, blocks, s.sc, s.d, in.floats, da, acc, ao);
    } else if (n < STRETCH) {
      PairFlatSums.flatEnd(sums, blocks, s.d, in.floats, da, acc, ao);
    } else if (format.narrow()) {
      PairFlatSums.flatNarrow(sums, s.d, in.floats, da, acc, ao);
    } else {
      PairFlatSums.flat(sums, s.d, in.floats, da, acc, ao);
    }
    if (format.minima()) {
      int of = format.minimaBlock();
      int sum = PairInput.sums(in, of) + PairInput.tile(in, t, c, of);
      PairSums.minima(s.m, n / of, in.sums, sum, acc, ao);
    }
  }

  private static void store(float[] acc, int n, int count, float[] y, int yAt, int yStride) {
    for (int t = 0; t < count; t++) {
      if (n == 2 * L) {
        FloatVector.fromArray(F, acc, t * 2 * L).intoArray(y, yAt + t * yStride);
        FloatVector.fromArray(F, acc, t * 2 * L + L).intoArray(y, yAt + t * yStride + L);
      } else {
        System.arraycopy(acc, t * 2 * L, y, yAt + t * yStride, n);
      }
    }
  }
}
