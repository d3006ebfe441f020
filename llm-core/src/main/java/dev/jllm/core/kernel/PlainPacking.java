package dev.jllm.core.kernel;

import dev.jllm.gguf.GgmlType;

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
      case BYTES:
        return new PlainIntPacking(format);
      default:
        return new PlainHalfPacking(format);
    }
  }

  /** Bytes of the numbers of the first {@code k} columns of a tile. */
  abstract int weightBytes(int k, int h);

  /** Bytes of the scales of the groups of these columns. */
  abstract int scaleBytes(int k, int h);

  /** Bytes of the scales of the blocks of these columns. */
  abstract int largeBytes(int k, int h);

  /** Bytes of the first {@code k} columns of a tile. */
  final int bytes(int k, int h) {
    return Math.addExact(weightBytes(k, h), Math.addExact(scaleBytes(k, h), largeBytes(k, h)));
  }

  /** Columns that {@link #put} is given at a time. */
  int unit() {
    return format.block;
  }

  /** Room to gather what {@link #put} wants to write at once. */
  abstract Gatherer gatherer(int h);

  /** Collects a unit of columns of all rows of a tile and writes it. */
  interface Gatherer {
    /** Takes {@code width} columns of row {@code r}, whose blocks begin at {@code in[at]}. */
    void take(int r, byte[] in, int at, int width);

    /** Appends to the tile what was taken, and forgets it. */
    void put(PlainTile tile, int width);
  }

  /** Moves to column {@code k}, the first of a block. */
  final void seek(PlainTile tile, int k, int h) {
    int start = bytes(k, h);
    int scales = start + largeBytes(format.block, h);
    tile.position(scales + scaleBytes(format.block, h), scales, start);
  }

  /** Fills a tile with {@code n} rows of {@code columns} values each, one after the other. */
  final void pack(byte[] rows, int n, GgmlType type, int columns, PlainTile tile, int h) {
    int unit = unit();
    int rowBytes = Math.toIntExact(type.bytes(columns));
    Gatherer gatherer = gatherer(h);
    synchronized (tile) {
      for (int u = 0; u < columns; u += unit) {
        int width = Math.min(unit, columns - u);
        seek(tile, u, h);
        int from = (int) type.bytes(u);
        for (int r = 0; r < n; r++) {
          gatherer.take(r, rows, r * rowBytes + from, width);
        }
        gatherer.put(tile, width);
      }
    }
  }
}
