package dev.jllm.core.kernel;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** How the numbers of a tile lie in memory: {@code h} lanes side by side for each few columns. */
abstract class PlainPacking {
  final PlainFormat format;

  /** Rows that share a lane: with two of them the first half of a tile lies in the lower bits. */
  final int halves;

  PlainPacking(PlainFormat format, int halves) {
    this.format = format;
    this.halves = halves;
  }

  /** The packing that suits this JVM. */
  static PlainPacking of(PlainFormat format) {
    switch (format.form) {
      case NIBBLES:
        return new PlainIntPacking(format);
      case BYTES:
        return PlainMath.CONVERTS ? new PlainBytePacking(format) : new PlainIntPacking(format);
      default:
        return PlainMath.CONVERTS ? new PlainShortPacking(format) : new PlainHalfPacking(format);
    }
  }

  /** Bytes of the numbers of the first {@code k} columns of a tile. */
  abstract int weightBytes(int k, int h);

  /** Bytes of the scales of the groups of these columns. */
  abstract int scaleBytes(int k, int h);

  /** Bytes of the scales of the blocks of these columns. */
  abstract int largeBytes(int k, int h);

  /** Columns that {@link #put} is given at a time. */
  int unit() {
    return format.block;
  }

  /** Room to gather what {@link #put} wants to write at once. */
  abstract Gatherer gatherer(int h);

  /** Collects a unit of columns of all rows of a tile and writes it. */
  interface Gatherer {
    /** Takes {@code width} columns of row {@code r}, whose blocks begin at {@code in[0]}. */
    void take(int r, byte[] in, int width);

    /** Appends to the tile what was taken, and forgets it. */
    void put(PlainTile tile, int width);
  }

  /** Moves to column {@code k}, the first of a block. */
  final void seek(PlainTile tile, int k, int h) {
    tile.position(weightBytes(k, h), scaleBytes(k, h), largeBytes(k, h));
  }

  /** Copies the rows from {@code first} on, as many as there are, into a tile. */
  final void pack(ByteBuffer file, WeightSource source, PlainTile tile, int first, int h) {
    int columns = source.columns();
    int n = Math.min(halves * h, source.rows() - first);
    int unit = unit();
    int rowBytes = Math.toIntExact(source.type().bytes(columns));
    int unitBytes = Math.toIntExact(source.type().bytes(unit));
    byte[] in = new byte[unitBytes];
    ByteBuffer rows = file.duplicate();
    Gatherer gatherer = gatherer(h);
    synchronized (tile) {
      seek(tile, 0, h);
      for (int u = 0; u < columns; u += unit) {
        int width = Math.min(unit, columns - u);
        if (width < unit) {
          Arrays.fill(in, (byte) 0);
        }
        int from = (int) source.type().bytes(u);
        for (int r = 0; r < n; r++) {
          ((Buffer) rows).position((first + r) * rowBytes + from);
          rows.get(in, 0, (int) source.type().bytes(width));
          gatherer.take(r, in, width);
        }
        gatherer.put(tile, width);
      }
    }
  }
}
