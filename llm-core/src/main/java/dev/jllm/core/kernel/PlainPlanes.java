package dev.jllm.core.kernel;

import dev.jllm.core.kernel.PlainFormat.Form;
import dev.jllm.core.quant.HalfFloat;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Weights repacked for compilers that make no floats of small integers in vectors: rows in
 * neighbouring lanes, 4 bits of each of four columns in a {@code char}. Numbers of 8 bits are two
 * such planes, {@code q = 16 · (high − 8) + low}. Of {@code h} rows a tile holds {@code
 * char[groups][planes][columns of a group / 4][h]} and {@code float[groups][d, m][h]}; of F16
 * numbers, {@code int[columns / 2][h]}.
 */
final class PlainPlanes {
  /** Columns that share a scale in the input. */
  static final int BLOCK = 32;

  private static final int LEAST = 128;

  final PlainFormat format;
  final int rows;
  final int columns;

  /** Rows of a tile. */
  final int height;

  final int planes;

  /** What numbers of 5 bits are counted from, so that they have both signs. */
  final int bias;

  private final int scales;
  private final Tile[] tiles;

  /** The memory of one tile. Whoever reads it holds its monitor: buffers have positions. */
  static final class Tile {
    final CharBuffer chars;
    final IntBuffer ints;
    final FloatBuffer scales;

    Tile(ByteBuffer weights, ByteBuffer scales) {
      chars = weights.asCharBuffer();
      ints = weights.asIntBuffer();
      this.scales = scales.asFloatBuffer();
    }

    void rewind() {
      rewind(chars);
      rewind(ints);
      rewind(scales);
    }

    /** Older Androids have this method in the superclass only. */
    private static void rewind(Buffer buffer) {
      buffer.rewind();
    }
  }

  /** Repacks. */
  PlainPlanes(WeightSource source, PlainFormat format, Kernels.Forker forker) {
    this.format = format;
    rows = source.rows();
    columns = source.columns();
    planes = format.form == Form.BYTES ? 2 : 1;
    bias = format == PlainFormat.Q5_K ? 16 : 0;
    scales = format.form == Form.HALVES ? 0 : format.offset ? 2 : 1;
    int fair = rows / Runtime.getRuntime().availableProcessors();
    height = (Math.max(LEAST, Math.min(PlainPanel.ROWS, fair)) + 31) / 32 * 32;
    tiles = new Tile[(rows + height - 1) / height];
    int weightBytes =
        Math.multiplyExact(
            format.form == Form.HALVES ? (columns + 1) / 2 * 4 : columns / 2 * planes, height);
    int scaleBytes = Math.multiplyExact(4 * scales * (columns / format.group), height);
    int tileBytes = Math.addExact(weightBytes, scaleBytes);
    int perBuffer = Math.max(1, Math.min(tiles.length, Integer.MAX_VALUE / Math.max(1, tileBytes)));
    ByteBuffer memory = ByteBuffer.allocate(0);
    for (int i = 0; i < tiles.length; i++) {
      if (i % perBuffer == 0) {
        memory = PlainMemory.allocate(Math.min(perBuffer, tiles.length - i) * tileBytes);
      }
      tiles[i] = new Tile(slice(memory, weightBytes), slice(memory, scaleBytes));
    }
    ByteBuffer in = source.map();
    forker.run(tiles.length, i -> pack(in, source, tiles[i], i * height));
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
    int rowBytes = Math.toIntExact(source.type().bytes(columns));
    int n = Math.min(height, rows - first);
    Buffer from = file.duplicate();
    synchronized (tile) {
      tile.rewind();
      if (format.form == Form.HALVES) {
        packHalves((ByteBuffer) from, rowBytes, tile, first, n);
      } else {
        packPlanes((ByteBuffer) from, source, rowBytes, tile, first, n);
      }
    }
  }

  private void packHalves(ByteBuffer file, int rowBytes, Tile tile, int first, int n) {
    byte[] in = new byte[128];
    int[] ints = new int[32 * height];
    for (int k = 0; k < columns; k += 64) {
      int width = Math.min(64, columns - k);
      Arrays.fill(ints, 0);
      for (int r = 0; r < n; r++) {
        ((Buffer) file).position((first + r) * rowBytes + 2 * k);
        file.get(in, 0, 2 * width);
        for (int i = 0; i < width; i++) {
          int half = in[2 * i] & 255 | (in[2 * i + 1] & 255) << 8;
          ints[i / 2 * height + r] |= half << 16 * (i & 1);
        }
      }
      tile.ints.put(ints, 0, (width + 1) / 2 * height);
    }
  }

  private void packPlanes(
      ByteBuffer file, WeightSource source, int rowBytes, Tile tile, int first, int n) {
    int unit = format.block;
    int unitBytes = (int) source.type().bytes(unit);
    int groups = unit / format.group;
    int quads = format.group / 4;
    byte[] in = new byte[unitBytes];
    short[] q = new short[unit];
    byte[] s = new byte[2 * groups];
    short[] large = new short[2];
    char[] chars = new char[unit / 4 * planes * height];
    float[] d = new float[groups * scales * height];
    Arrays.fill(s, (byte) 1);
    for (int u = 0; u < columns / unit; u++) {
      Arrays.fill(chars, (char) 0);
      for (int r = 0; r < n; r++) {
        ((Buffer) file).position((first + r) * rowBytes + u * unitBytes);
        file.get(in, 0, unitBytes);
        format.read(in, 0, q, s, large);
        for (int k = 0; k < unit; k++) {
          int at = (k / format.group * planes * quads + k % format.group / 4) * height + r;
          int shift = 4 * (k & 3);
          int v = q[k] - bias;
          chars[at] |= (char) ((v & 15) << shift);
          if (planes == 2) {
            chars[at + quads * height] |= (char) ((v >> 4) + 8 << shift);
          }
        }
        for (int g = 0; g < groups; g++) {
          d[g * scales * height + r] = HalfFloat.toFloat(large[0]) * s[g];
          if (format.offset) {
            d[(g * scales + 1) * height + r] = HalfFloat.toFloat(large[1]) * s[groups + g];
          }
        }
      }
      tile.chars.put(chars);
      tile.scales.put(d);
    }
  }
}
