package dev.jllm.core.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Makes floats of their bits by a way through memory: the conversions themselves stay scalar before
 * JDK 20.
 */
final class PlainTransfer {
  /** The bits. */
  final int[] bits = new int[PlainLoops.padded(PlainPanel.ROWS)];

  private final ByteBuffer through =
      ByteBuffer.allocateDirect(4 * PlainPanel.ROWS).order(ByteOrder.nativeOrder());
  private final IntBuffer in = through.asIntBuffer();
  private final FloatBuffer out = through.asFloatBuffer();

  /** The numbers whose bits are {@link #bits}. */
  void floats(float[] target, int n) {
    ((java.nio.Buffer) in).rewind();
    in.put(bits, 0, n);
    ((java.nio.Buffer) out).rewind();
    out.get(target, 0, n);
  }
}
