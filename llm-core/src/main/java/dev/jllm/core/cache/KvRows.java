package dev.jllm.core.cache;

import dev.jllm.core.kernel.AttentionOps;
import dev.jllm.core.kernel.FloatOps;
import dev.jllm.core.kernel.KernelsLookup;

/**
 * The keys (or values) of one page of one layer: {@code heads × SLOTS × dim} numbers in some
 * format. The two loops of attention run here, over one head's numbers. Rows of values lie one
 * after another. Keys lie in columns, {@code dim × SLOTS}, unless their beginnings serve as values.
 */
public abstract class KvRows {
  /** Tokens in a page. */
  public static final int SLOTS = AttentionOps.SLOTS;

  static final AttentionOps ATTENTION = KernelsLookup.kernels().attention();
  static final FloatOps FLOATS = KernelsLookup.kernels().floats();

  final int heads;
  final int dim;
  final boolean columns;

  KvRows(int heads, int dim, boolean columns) {
    this.heads = heads;
    this.dim = dim;
    this.columns = columns;
  }

  /** Stores {@code heads × dim} floats of one token at {@code slot}. */
  public abstract void store(float[] source, int offset, int slot);

  /**
   * Scores of {@code count} queries against the first {@code rows} rows of {@code head}: {@code
   * scores[j * SLOTS + i] = q[j * dim …] · row i}. Scores of further slots are undefined.
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

  /** Where row {@code slot} begins; for columns, where its first number is. */
  final int at(int head, int slot) {
    return columns ? head * SLOTS * dim + slot : (head * SLOTS + slot) * dim;
  }

  /** Distance of neighbouring numbers of a row. */
  final int step() {
    return columns ? SLOTS : 1;
  }

  private static final ThreadLocal<float[]> PANEL = ThreadLocal.withInitial(() -> new float[0]);

  /** Scratch memory of the calling thread. */
  static float[] panel(int n) {
    float[] p = PANEL.get();
    if (p.length < n) {
      p = new float[n];
      PANEL.set(p);
    }
    return p;
  }
}
