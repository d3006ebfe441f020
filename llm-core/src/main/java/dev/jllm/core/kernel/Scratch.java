package dev.jllm.core.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Memory of one worker that kernels use while they run: a few arrays of each kind, by number, that
 * grow to the largest size asked for and are never given back. The content is undefined.
 */
public final class Scratch {
  private final float[][] floats = new float[8][0];
  private final int[][] ints = new int[8][0];
  private final short[][] shorts = new short[8][0];
  private final byte[][] bytes = new byte[8][0];

  private final Map<Class<?>, Object> objects = new HashMap<>();

  /** An empty scratch memory. */
  public Scratch() {}

  /** The one object of a class, made when it is first asked for. */
  public <T> T object(Class<T> type, Supplier<T> maker) {
    Object o = objects.get(type);
    if (o == null) {
      o = maker.get();
      objects.put(type, o);
    }
    return type.cast(o);
  }

  /** At least {@code size} floats; {@code slot} 0 to 7. */
  public float[] floats(int slot, int size) {
    if (floats[slot].length < size) {
      floats[slot] = new float[size];
    }
    return floats[slot];
  }

  /** At least {@code size} ints; {@code slot} 0 to 7. */
  public int[] ints(int slot, int size) {
    if (ints[slot].length < size) {
      ints[slot] = new int[size];
    }
    return ints[slot];
  }

  /** At least {@code size} shorts; {@code slot} 0 to 7. */
  public short[] shorts(int slot, int size) {
    if (shorts[slot].length < size) {
      shorts[slot] = new short[size];
    }
    return shorts[slot];
  }

  /** At least {@code size} bytes; {@code slot} 0 to 7. */
  public byte[] bytes(int slot, int size) {
    if (bytes[slot].length < size) {
      bytes[slot] = new byte[size];
    }
    return bytes[slot];
  }
}
