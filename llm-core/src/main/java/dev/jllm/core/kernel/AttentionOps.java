package dev.jllm.core.kernel;

/**
 * The loops of attention over one page of {@value #SLOTS} cached tokens of one head. Keys lie
 * column by column, {@code k[at + d · SLOTS + slot]}, so that the scores of neighbouring tokens are
 * neighbours; values lie row by row, {@code v[at + slot · dim + c]}.
 */
public interface AttentionOps {
  /** Tokens of a page. */
  int SLOTS = 64;

  /** Numbers of a key or value that have a scale in common, where they are bytes. */
  int BLOCK = 32;

  /** {@code scores[j · SLOTS + i] = Σ_d q[j · dim + d] · k[at + d · SLOTS + i]} for all slots. */
  void scores(float[] q, int count, int dim, float[] k, int at, float[] scores);

  /** The same with keys in F16. */
  void scores(float[] q, int count, int dim, short[] k, int at, float[] scores);

  /**
   * {@code out[j · width + c] += Σ w[j · SLOTS + i] · v[at + i · dim + c]} over slots {@code from ≤
   * i < to}, for {@code c < width ≤ dim}.
   */
  void mix(
      float[] w, int count, int from, int to, float[] v, int at, int dim, float[] out, int width);

  /** The same with values in F16. */
  void mix(
      float[] w, int count, int from, int to, short[] v, int at, int dim, float[] out, int width);

  /**
   * The same with keys as bytes; the scale of number {@code d} of the key in slot {@code i} is
   * {@code scale[so + d / BLOCK · SLOTS + i]}.
   */
  void scores(
      float[] q, int count, int dim, byte[] k, int at, float[] scale, int so, float[] scores);

  /** The same with values as bytes, scaled as keys are. */
  void mix(
      float[] w,
      int count,
      int from,
      int to,
      byte[] v,
      int at,
      float[] scale,
      int so,
      int dim,
      float[] out,
      int width);

  /** Finite F16 to floats. */
  void toFloats(short[] h, int ho, float[] x, int xo, int n);

  /** {@code x[i] = q[i] · scale[i]}. */
  void toFloats(byte[] q, int qo, float[] scale, int so, float[] x, int xo, int n);
}
