package dev.jllm.core.kernel;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/**
 * The memory of a tile of {@link PlainTiles}, block after block: scales of the block, scales of its
 * groups, numbers. So all of it is one stream from memory. Each part has views, with positions of
 * their own, for the ways that packings see it. Whoever reads it holds its monitor.
 */
final class PlainTile {
  final ShortBuffer shorts;
  final IntBuffer ints;
  final IntBuffer intScales;
  final ShortBuffer large;
  final FloatBuffer floatLarge;

  PlainTile(ByteBuffer memory) {
    shorts = memory.asShortBuffer();
    ints = memory.asIntBuffer();
    intScales = memory.asIntBuffer();
    large = memory.asShortBuffer();
    floatLarge = memory.asFloatBuffer();
  }

  /** Moves the views of the numbers, of the scales of groups and of those of blocks. */
  void position(int weightByte, int scaleByte, int largeByte) {
    position(shorts, weightByte / 2);
    position(ints, weightByte / 4);
    position(intScales, scaleByte / 4);
    position(large, largeByte / 2);
    position(floatLarge, largeByte / 4);
  }

  /** Older Androids have this method in the superclass only. */
  private static void position(Buffer buffer, int position) {
    buffer.position(position);
  }
}
