package dev.jllm.core.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights repacked with the rows of a tile in neighbouring lanes, outside the Java heap. A step of
 * 32 columns of a tile is, with {@code n} rows: nibbles {@code int[4][n]} of eight columns each, or
 * {@code byte[32][n]}. Scales are {@code float[groups][n]}, offsets likewise.
 */
final class PlainTiles {
  static final int STEP = 32;

  enum Form {
    NIBBLES,
    BYTES
  }

  final PlainBlocks blocks;
  final Form form;
  final int rows;
  final int columns;

  /** Rows of a tile. */
  final int height;

  /** Bytes of a step, and groups in it. */
  final int stepBytes;

  final int groups;
  private final List<Tile> tiles = new ArrayList<>();

  /** The memory of one tile. Whoever reads it holds its monitor: buffers have positions. */
  static final class Tile {
    final ByteBuffer bytes;
    final IntBuffer ints;
    final FloatBuffer scales;
    final FloatBuffer offsets;

    Tile(ByteBuffer bytes, FloatBuffer scales, FloatBuffer offsets) {
      this.bytes = bytes;
      this.ints = bytes.asIntBuffer();
      this.scales = scales;
      this.offsets = offsets;
    }
  }

  /** Repacks; throws OutOfMemoryError where the JVM's limit of memory outside the heap is met. */
  PlainTiles(WeightSource source, PlainBlocks blocks, Kernels.Forker forker) {
    this.blocks = blocks;
    rows = source.rows();
    columns = source.columns();
    form = blocks.fourBits ? Form.NIBBLES : Form.BYTES;
    stepBytes = form == Form.NIBBLES ? 16 : 32; // a row
    groups = STEP / blocks.group;
    int count = (rows + PlainPanel.ROWS - 1) / PlainPanel.ROWS;
    if (count < 4) {
      count = Math.max(count, Math.min(4, rows / 128)); // work for several workers
    }
    count = Math.max(1, count);
    height = ((rows + count - 1) / count + 31) / 32 * 32;
    int steps = columns / STEP;
    for (int first = 0; first < rows; first += height) {
      ByteBuffer q = allocate((long) steps * stepBytes * height);
      FloatBuffer d = allocate(4L * steps * groups * height).asFloatBuffer();
      FloatBuffer m = blocks.offset ? allocate(4L * steps * groups * height).asFloatBuffer() : d;
      tiles.add(new Tile(q, d, m));
    }
    ByteBuffer in = source.map();
    forker.run(tiles.size(), i -> pack(in, source, tiles.get(i), i * height));
  }

  private static ByteBuffer allocate(long bytes) {
    if (bytes > Integer.MAX_VALUE) {
      throw new OutOfMemoryError("a tile of " + bytes + " bytes");
    }
    return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
  }

  Tile tile(int row) {
    return tiles.get(row / height);
  }

  private void pack(ByteBuffer in, WeightSource source, Tile tile, int first) {
    int unit = source.type().blockSize();
    int unitBytes = source.type().blockBytes();
    int rowBytes = Math.toIntExact(source.type().bytes(columns));
    int unitGroups = unit / blocks.group;
    byte[] q = new byte[unit];
    float[] d = new float[unitGroups];
    float[] m = new float[unitGroups];
    byte[] bytes = new byte[form == Form.BYTES ? unit * height : 0];
    int[] ints = new int[form == Form.BYTES ? 0 : unit / 8 * height];
    float[] scales = new float[unitGroups * height];
    float[] offsets = new float[unitGroups * height];
    int n = Math.min(height, rows - first);
    synchronized (tile) {
      for (int u = 0; u < columns / unit; u++) {
        Arrays.fill(ints, 0);
        for (int r = 0; r < n; r++) {
          blocks.read(in, (first + r) * rowBytes + u * unitBytes, q, d, m);
          if (form == Form.BYTES) {
            for (int k = 0; k < unit; k++) {
              bytes[k * height + r] = q[k];
            }
          } else {
            for (int k = 0; k < unit; k++) {
              ints[k / 8 * height + r] |= q[k] + 8 << 4 * (k & 7);
            }
          }
          for (int g = 0; g < unitGroups; g++) {
            scales[g * height + r] = d[g];
            offsets[g * height + r] = m[g];
          }
        }
        tile.bytes.put(bytes);
        tile.ints.put(ints);
        tile.scales.put(scales);
        if (blocks.offset) {
          tile.offsets.put(offsets);
        }
      }
    }
  }
}
