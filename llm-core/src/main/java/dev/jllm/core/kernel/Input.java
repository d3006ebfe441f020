package dev.jllm.core.kernel;

/**
 * A batch of input vectors, and the same prepared in the form that a kernel wants. The arrays grow
 * and are never given back. Their layout is an affair of the kernels that prepare and read them.
 */
public final class Input {
  /** The vectors: {@code x[at + t * stride + c]}. */
  public float[] x = new float[0];

  /** Where the first vector begins. */
  public int at;

  /** Distance of two vectors. */
  public int stride;

  /** Vectors. */
  public int count;

  /** Values of a vector. */
  public int columns;

  /** The form to prepare. */
  public InputForm form = InputForm.ROWS;

  /** Interleaved floats, or the scales of quantised blocks. */
  public float[] floats = new float[0];

  /** Quantised values. */
  public int[] ints = new int[0];

  /** Sums over quantised blocks, times their scale. */
  public float[] sums = new float[0];

  /** Sums over quantised blocks. */
  public int[] starts = new int[0];

  /** No vectors. */
  public Input() {}

  /** Whether this holds just these vectors, to be prepared in this form. */
  public boolean is(float[] data, int from, int vectors, InputForm wanted) {
    return x == data && at == from && count == vectors && form == wanted;
  }

  /** Points at other vectors. */
  public void set(float[] data, int from, int distance, int vectors, int values, InputForm wanted) {
    x = data;
    at = from;
    stride = distance;
    count = vectors;
    columns = values;
    form = wanted;
  }

  /** Makes room. */
  public void reserve(int floatCount, int intCount, int sumCount, int startCount) {
    if (floats.length < floatCount) {
      floats = new float[floatCount];
    }
    if (ints.length < intCount) {
      ints = new int[intCount];
    }
    if (sums.length < sumCount) {
      sums = new float[sumCount];
    }
    if (starts.length < startCount) {
      starts = new int[startCount];
    }
  }
}
