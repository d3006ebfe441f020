package dev.jllm.core.cache;

/**
 * The keys (or values) of one page of one layer: {@code heads × SLOTS × dim} numbers in some
 * format. The two loops of attention run here, over one head's rows, which lie one after another.
 */
public abstract class KvRows {
  /** Tokens in a page. */
  public static final int SLOTS = 64;

  final int heads;
  final int dim;

  KvRows(int heads, int dim) {
    this.heads = heads;
    this.dim = dim;
  }

  /** Stores {@code heads × dim} floats of one token at {@code slot}. */
  public abstract void store(float[] source, int offset, int slot);

  /**
   * Scores of {@code count} queries against the first {@code rows} rows of {@code head}: {@code
   * scores[j * SLOTS + i] = q[j * dim …] · row i}.
   */
  public abstract void scores(float[] q, int count, int head, int rows, float[] scores);

  /**
   * Adds weighted rows: {@code out[j * width + c] += Σ_i weights[j * SLOTS + i] · row i [c]} for
   * the first {@code width ≤ dim} values of a row.
   */
  public abstract void mix(
      float[] weights, int count, int head, int from, int rows, float[] out, int width);

  /** A copy with its own memory. */
  public abstract KvRows copy();

  /** Bytes of memory. */
  public abstract long bytes();

  final int at(int head, int slot) {
    return (head * SLOTS + slot) * dim;
  }
}
