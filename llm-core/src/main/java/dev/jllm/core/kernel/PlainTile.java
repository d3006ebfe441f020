package dev.jllm.core.kernel;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/**
 * The memory of a tile of {@link PlainTiles}: numbers, scales of groups and scales of blocks, each
 * seen in the ways that packings need. Whoever reads it holds its monitor: buffers have positions.
 */
final class PlainTile {
  final ByteBuffer bytes;
  final ShortBuffer shorts;
  final IntBuffer ints;
  final ByteBuffer scales;
  final IntBuffer intScales;
  final ShortBuffer large;
  final FloatBuffer floatLarge;

  PlainTile(ByteBuffer weights, ByteBuffer scales, ByteBuffer large) {
    bytes = weights;
    shorts = weights.asShortBuffer();
    ints = weights.asIntBuffer();
    this.scales = scales;
    intScales = scales.asIntBuffer();
    this.large = large.asShortBuffer();
    floatLarge = large.asFloatBuffer();
  }

  /** Moves everything to these bytes. */
  void position(int weightByte, int scaleByte, int largeByte) {
    position(bytes, weightByte);
    position(shorts, weightByte / 2);
    position(ints, weightByte / 4);
    position(scales, scaleByte);
    position(intScales, scaleByte / 4);
    position(large, largeByte / 2);
    position(floatLarge, largeByte / 4);
  }

  /** Older Androids have this method in the superclass only. */
  private static void position(Buffer buffer, int position) {
    buffer.position(position);
  }
}
