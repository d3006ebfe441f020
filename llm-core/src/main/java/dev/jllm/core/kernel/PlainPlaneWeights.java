package dev.jllm.core.kernel;

import dev.jllm.core.kernel.PlainFormat.Form;
import dev.jllm.core.kernel.PlainPlanes.Tile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Weights in {@link PlainPlanes} for few vectors, from the file for many. Inputs of quantised
 * weights are rounded to 8 bits, 32 values with one scale, so that a group's sum of products with 4
 * bits fits 16 bits: |q − 8| · 127 · 32 ≤ 32,512. F16 numbers are shifted into the place of a
 * float's bits, which makes them too small by 2^112, and taken through memory for floats.
 */
final class PlainPlaneWeights extends Weights {
  private static final int STRETCH = 256;

  /** Half of what F16 numbers are too small by goes to the inputs, half to the sums. */
  private static final float IN = 0x1p64f;

  private static final float OUT = 0x1p48f;

  private final PlainFloatWeights many;
  private final PlainPlanes planes;
  private final PlainFormat format;

  PlainPlaneWeights(WeightSource source, PlainFloatWeights many, PlainPlanes planes) {
    super(source.type(), source.rows(), source.columns());
    this.many = many;
    this.planes = planes;
    format = planes.format;
  }

  private static final class Copy {
    static final int N = PlainPanel.ROWS;
    final char[] chars = new char[2 * N];
    final short[][] low = new short[PlainFloatWeights.MANY][N];
    final short[][] high = new short[PlainFloatWeights.MANY][N];
    final float[][] sums = new float[PlainFloatWeights.MANY][PlainLoops.padded(N)];
    final float[][] parts = new float[PlainFloatWeights.MANY][PlainLoops.padded(N)];
    final float[] d = new float[PlainLoops.padded(N)];
    final float[] m = new float[PlainLoops.padded(N)];
    final float[] even = new float[PlainLoops.padded(N)];
    final float[] odd = new float[PlainLoops.padded(N)];
    final float[] input = new float[2];
    final int[] ints = new int[N];
    final int[] bits = new int[N];
    private final ByteBuffer through =
        ByteBuffer.allocateDirect(4 * N).order(ByteOrder.nativeOrder());
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

  @Override
  public void row(int row, float[] target, int offset) {
    many.row(row, target, offset);
  }

  private static boolean few(int count) {
    return count < PlainFloatWeights.MANY;
  }

  @Override
  public InputForm form(int count) {
    return few(count) && format.form != Form.HALVES ? InputForm.BLOCKS_32 : InputForm.ROWS;
  }

  @Override
  public int rowStep(int count) {
    return few(count) ? planes.height : many.rowStep(count);
  }

  /** Rounds vector {@code t} to 8 bits. */
  static void prepare(Input in, int t) {
    int at = in.at + t * in.stride;
    int to = t * in.columns;
    for (int b = 0; b < in.columns; b += PlainPlanes.BLOCK) {
      float max = 0;
      for (int i = b; i < b + PlainPlanes.BLOCK; i++) {
        max = Math.max(max, Math.abs(in.x[at + i]));
      }
      float d = max / 127;
      float inverse = d == 0 ? 0 : 1 / d;
      in.floats[(to + b) / PlainPlanes.BLOCK] = d;
      for (int half = b; half < b + PlainPlanes.BLOCK; half += 16) {
        int start = 0;
        float sum = 0;
        for (int i = half; i < half + 16; i++) {
          float v = in.x[at + i];
          int q = (int) (v * inverse + (v < 0 ? -0.5f : 0.5f));
          q = Math.max(-127, Math.min(127, q));
          in.ints[to + i] = q;
          start += q;
          sum += v;
        }
        in.starts[(to + half) / 16] = start;
        in.sums[(to + half) / 16] = sum;
      }
    }
  }

  @Override
  public void multiply(
      Input in, int from, int to, float[] y, int yAt, int yStride, Scratch scratch) {
    if (!few(in.count)) {
      many.multiply(in, from, to, y, yAt, yStride, scratch);
      return;
    }
    Copy c = scratch.object(Copy.class, Copy::new);
    for (int row = from; row < to; row += planes.height) {
      Tile tile = planes.tile(row);
      int n = Math.min(planes.height, to - row);
      for (int t = 0; t < in.count; t++) {
        Arrays.fill(c.sums[t], 0, planes.height, 0);
      }
      synchronized (tile) {
        tile.rewind();
        if (format.form == Form.HALVES) {
          halves(tile, c, in, planes.height);
        } else {
          for (int k = 0; k < columns(); k += format.group) {
            group(tile, c, in, k, planes.height);
          }
        }
      }
      for (int t = 0; t < in.count; t++) {
        System.arraycopy(c.sums[t], 0, y, yAt + t * yStride + row, n);
      }
    }
  }

  private void group(Tile tile, Copy copy, Input in, int k, int h) {
    plane(tile, copy, copy.low, in, k, h);
    if (planes.planes == 2) {
      plane(tile, copy, copy.high, in, k, h);
    }
    tile.scales.get(copy.d, 0, h);
    if (format.offset) {
      tile.scales.get(copy.m, 0, h);
    }
    int n = columns();
    for (int t = 0; t < in.count; t++) {
      int i = (t * n + k) / 16;
      float sum = format.group == 16 ? in.sums[i] : in.sums[i] + in.sums[i + 1];
      // What the integers are counted from meets the inputs as they were before rounding.
      float c = (8 + planes.bias - format.zero) * sum;
      float d = in.floats[(t * n + k) / PlainPlanes.BLOCK];
      if (planes.planes == 2) {
        PlainLoops.scaleShorts(copy.low[t], copy.high[t], c, d, copy.d, copy.sums[t], h);
      } else {
        PlainLoops.scaleShorts(copy.low[t], c, d, copy.d, copy.sums[t], h);
      }
      if (format.offset) {
        PlainLoops.floats1x1(copy.m, sum, copy.sums[t], h);
      }
    }
  }

  private int start(Input in, int t, int k) {
    int i = (t * columns() + k) / 16;
    return format.group == 16 ? in.starts[i] : in.starts[i] + in.starts[i + 1];
  }

  /** Sums of 4 bits, counted from 8, times the inputs of a group. */
  private void plane(Tile tile, Copy c, short[][] sums, Input in, int k, int h) {
    for (int t = 0; t < in.count; t++) {
      Arrays.fill(sums[t], 0, h, (short) (-8 * start(in, t, k)));
    }
    for (int g = k; g < k + format.group; g += 8) {
      tile.chars.get(c.chars, 0, 2 * h);
      for (int t = 0; t < in.count; t++) {
        int i = t * columns() + g;
        PlainLoops.nibbles1x4(c.chars, 0, in.ints, i, sums[t], h);
        PlainLoops.nibbles1x4(c.chars, h, in.ints, i + 4, sums[t], h);
      }
    }
  }

  private void halves(Tile tile, Copy c, Input in, int h) {
    for (int k = 0; k < columns(); k += STRETCH) {
      int end = Math.min(columns(), k + STRETCH);
      for (int t = 0; t < in.count; t++) {
        Arrays.fill(c.parts[t], 0, h, 0);
      }
      for (int i = k; i < end; i += 2) {
        tile.ints.get(c.ints, 0, h);
        PlainLoops.lowHalves(c.ints, c.bits, h);
        c.floats(c.even, h);
        PlainLoops.highHalves(c.ints, c.bits, h);
        c.floats(c.odd, h);
        for (int t = 0; t < in.count; t++) {
          int at = in.at + t * in.stride + i;
          c.input[0] = in.x[at] * IN;
          c.input[1] = i + 1 < end ? in.x[at + 1] * IN : 0;
          PlainLoops.floats1x2(c.even, c.odd, c.input, 0, c.parts[t], h);
        }
      }
      for (int t = 0; t < in.count; t++) {
        PlainLoops.floats1x1(c.parts[t], OUT, c.sums[t], h);
      }
    }
  }
}
