package dev.jllm.core.kernel;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Weights repacked outside the Java heap, some hundred rows to a tile. */
final class PlainTiles {
  private static final int LEAST = 128;

  final PlainPacking packing;

  /** Lanes of a tile: the length of the loops. */
  final int lanes;

  /** Rows of a tile, but for the last, where as many are kept and some do not count. */
  final int height;

  private final PlainTile[] tiles;

  /** Repacks. */
  PlainTiles(WeightSource source, PlainPacking packing, Kernels.Forker forker) {
    this.packing = packing;
    int rows = source.rows();
    int columns = source.columns();
    // Several tiles for each core, but long loops: they lose some iterations at either end.
    int fair = rows / Runtime.getRuntime().availableProcessors() / packing.halves;
    lanes = (Math.max(LEAST, Math.min(PlainPanel.ROWS, fair)) + 31) / 32 * 32;
    height = lanes * packing.halves;
    tiles = new PlainTile[(rows + height - 1) / height];
    int tileBytes = packing.bytes(columns, lanes);
    int perBuffer = Math.max(1, Math.min(tiles.length, Integer.MAX_VALUE / Math.max(1, tileBytes)));
    ByteBuffer memory = ByteBuffer.allocate(0);
    for (int i = 0; i < tiles.length; i++) {
      if (i % perBuffer == 0) {
        memory = PlainMemory.allocate(Math.min(perBuffer, tiles.length - i) * tileBytes);
      }
      tiles[i] = new PlainTile(PlainMemory.slice(memory, tileBytes));
    }
    Queue<byte[]> spare = new ConcurrentLinkedQueue<>();
    int rowBytes = Math.toIntExact(source.type().bytes(columns));
    forker.run(
        tiles.length,
        i -> {
          int n = Math.min(height, rows - i * height);
          byte[] taken = spare.poll();
          byte[] in = taken == null ? new byte[Math.multiplyExact(height, rowBytes)] : taken;
          source.read((long) i * height * rowBytes, in, n * rowBytes);
          packing.pack(in, n, source.type(), columns, tiles[i], lanes);
          spare.add(in);
        });
  }

  /** The tile that begins with this row. */
  PlainTile tile(int row) {
    return tiles[row / height];
  }
}
