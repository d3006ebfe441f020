package dev.jllm.core.kernel;

import dev.jllm.core.kernel.PlainFormat.Form;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;

/**
 * Weights repacked with the rows of a tile in neighbouring lanes, outside the Java heap. Of {@code
 * h} rows a tile holds its columns one after the other, {@code byte[columns][h]}, {@code
 * short[columns][h]} or, eight columns in an int, {@code int[columns / 8][h]}; likewise the scales
 * of its groups, {@code byte[groups][s, m][h]}, and of its blocks, {@code short[blocks][D, M][h]}.
 */
final class PlainTiles {
  private static final int LEAST = 128;

  final PlainFormat format;
  final int rows;
  final int columns;

  /** Rows of a tile, but for the last, where as many are kept and some do not count. */
  final int height;

  private final Tile[] tiles;

  /** The memory of one tile. Whoever reads it holds its monitor: buffers have positions. */
  static final class Tile {
    final ByteBuffer bytes;
    final ShortBuffer shorts;
    final IntBuffer ints;
    final ByteBuffer scales;
    final ShortBuffer large;

    Tile(ByteBuffer weights, ByteBuffer scales, ByteBuffer large) {
      bytes = weights;
      shorts = weights.asShortBuffer();
      ints = weights.asIntBuffer();
      this.scales = scales;
      this.large = large.asShortBuffer();
    }

    /** Moves to column {@code k}, the first of a group. */
    void seek(PlainTiles of, int k) {
      int h = of.height;
      switch (of.format.form) {
        case NIBBLES:
          position(ints, k / 8 * h);
          break;
        case HALVES:
          position(shorts, k * h);
          break;
        default:
          position(bytes, k * h);
      }
      if (of.format.nested) {
        position(scales, k / of.format.group * of.scalesOfGroup() * h);
      }
      if (of.format.block > 1) {
        position(large, k / of.format.block * of.scalesOfBlock() * h);
      }
    }

    /** Older Androids have this method in the superclass only. */
    private static void position(Buffer buffer, int position) {
      buffer.position(position);
    }
  }

  /** Repacks. */
  PlainTiles(WeightSource source, PlainFormat format, Kernels.Forker forker) {
    this.format = format;
    rows = source.rows();
    columns = source.columns();
    // Several tiles for each core, but long loops: they lose some iterations at either end.
    int fair = rows / Runtime.getRuntime().availableProcessors();
    height = (Math.max(LEAST, Math.min(PlainPanel.ROWS, fair)) + 31) / 32 * 32;
    tiles = new Tile[(rows + height - 1) / height];
    int weightBytes = Math.multiplyExact(columnBytes(columns), height);
    int scaleBytes = format.nested ? columns / format.group * scalesOfGroup() * height : 0;
    int largeBytes = format.block > 1 ? columns / format.block * scalesOfBlock() * 2 * height : 0;
    int tileBytes = Math.addExact(Math.addExact(weightBytes, scaleBytes), largeBytes);
    int perBuffer = Math.max(1, Math.min(tiles.length, Integer.MAX_VALUE / Math.max(1, tileBytes)));
    ByteBuffer memory = ByteBuffer.allocate(0);
    for (int i = 0; i < tiles.length; i++) {
      if (i % perBuffer == 0) {
        memory = PlainMemory.allocate(Math.min(perBuffer, tiles.length - i) * tileBytes);
      }
      tiles[i] =
          new Tile(
              slice(memory, weightBytes), slice(memory, scaleBytes), slice(memory, largeBytes));
    }
    ByteBuffer in = source.map();
    forker.run(tiles.length, i -> pack(in, source, tiles[i], i * height));
    PlainMemory.unload(in);
  }

  private int columnBytes(int count) {
    switch (format.form) {
      case NIBBLES:
        return count / 2;
      case HALVES:
        return Math.multiplyExact(2, count);
      default:
        return count;
    }
  }

  int scalesOfGroup() {
    return format.offset ? 2 : 1;
  }

  int scalesOfBlock() {
    return format.offset ? 2 : 1;
  }

  private static ByteBuffer slice(ByteBuffer memory, int bytes) {
    Buffer b = memory;
    b.limit(b.position() + bytes);
    ByteBuffer part = memory.slice().order(ByteOrder.nativeOrder());
    b.position(b.limit());
    return part;
  }

  Tile tile(int row) {
    return tiles[row / height];
  }

  private void pack(ByteBuffer file, WeightSource source, Tile tile, int first) {
    // F16 numbers have no blocks: any number of columns at a time would do.
    int unit = format.block == 1 ? 32 : format.block;
    int unitBytes = (int) source.type().bytes(format.block) * (unit / format.block);
    int rowBytes = Math.toIntExact(source.type().bytes(columns));
    int groups = unit / format.group;
    short[] q = new short[unit];
    byte[] in = new byte[unitBytes + 2];
    byte[] s = new byte[2 * groups];
    short[] d = new short[2];
    byte[] bytes = new byte[format.form == Form.BYTES ? unit * height : 0];
    short[] shorts = new short[format.form == Form.HALVES ? unit * height : 0];
    int[] ints = new int[format.form == Form.NIBBLES ? unit / 8 * height : 0];
    byte[] scales = new byte[format.nested ? groups * scalesOfGroup() * height : 0];
    short[] large = new short[format.block > 1 ? scalesOfBlock() * height : 0];
    int n = Math.min(height, rows - first);
    ByteBuffer rowsOfTile = file.duplicate();
    synchronized (tile) {
      tile.seek(this, 0);
      for (int u = 0; u < columns; u += unit) {
        int width = Math.min(unit, columns - u);
        Arrays.fill(ints, 0);
        for (int r = 0; r < n; r++) {
          int at = (first + r) * rowBytes + u / unit * unitBytes;
          Tile.position(rowsOfTile, at);
          rowsOfTile.get(in, 0, width == unit ? unitBytes : rowBytes - u / unit * unitBytes);
          switch (format.form) {
            case NIBBLES:
              format.read(in, 0, q, s, d);
              for (int k = 0; k < unit; k += 8) {
                ints[k / 8 * height + r] =
                    q[k]
                        | q[k + 1] << 4
                        | q[k + 2] << 8
                        | q[k + 3] << 12
                        | q[k + 4] << 16
                        | q[k + 5] << 20
                        | q[k + 6] << 24
                        | q[k + 7] << 28;
              }
              break;
            case HALVES:
              for (int k = 0; k < width; k++) {
                shorts[k * height + r] = (short) (in[2 * k] & 255 | in[2 * k + 1] << 8);
              }
              break;
            default:
              format.read(in, 0, q, s, d);
              for (int k = 0; k < unit; k++) {
                bytes[k * height + r] = (byte) q[k];
              }
          }
          for (int g = 0; g < groups && format.nested; g++) {
            scales[g * scalesOfGroup() * height + r] = s[g];
            if (format.offset) {
              scales[(g * 2 + 1) * height + r] = s[groups + g];
            }
          }
          for (int i = 0; i < scalesOfBlock() && format.block > 1; i++) {
            large[i * height + r] = d[i];
          }
        }
        tile.ints.put(ints);
        tile.bytes.put(bytes);
        tile.shorts.put(shorts, 0, Math.min(shorts.length, width * height));
        tile.scales.put(scales);
        tile.large.put(large);
      }
    }
  }
}
