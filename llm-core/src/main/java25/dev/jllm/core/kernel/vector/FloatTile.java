package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of matrix × matrix in floats: lanes are input vectors, weights are broadcast.
 * Twelve accumulators are as many as 16 registers allow and enough to hide the latency of FMA.
 * {@link AttentionTile} repeats the loop with distances of its own, and says why.
 */
final class FloatTile {
  /** Columns of a panel of weights; its rows follow one another at this distance. */
  static final int COLUMNS = 256;

  private FloatTile() {}

  /** {@code acc[6][2L] += w[6][k] · x[k][2L]}; rows of {@code acc} lie {@code as} apart. */
  static void wide(float[] x, int xo, float[] w, int wo, int k, float[] acc, int ao, int as) {
    FloatVector c00 = FloatVector.fromArray(F, acc, ao);
    FloatVector c01 = FloatVector.fromArray(F, acc, ao + L);
    FloatVector c10 = FloatVector.fromArray(F, acc, ao + as);
    FloatVector c11 = FloatVector.fromArray(F, acc, ao + as + L);
    FloatVector c20 = FloatVector.fromArray(F, acc, ao + 2 * as);
    FloatVector c21 = FloatVector.fromArray(F, acc, ao + 2 * as + L);
    FloatVector c30 = FloatVector.fromArray(F, acc, ao + 3 * as);
    FloatVector c31 = FloatVector.fromArray(F, acc, ao + 3 * as + L);
    FloatVector c40 = FloatVector.fromArray(F, acc, ao + 4 * as);
    FloatVector c41 = FloatVector.fromArray(F, acc, ao + 4 * as + L);
    FloatVector c50 = FloatVector.fromArray(F, acc, ao + 5 * as);
    FloatVector c51 = FloatVector.fromArray(F, acc, ao + 5 * as + L);
    for (int i = 0; i < k; i++) {
      FloatVector x0 = FloatVector.fromArray(F, x, xo + i * 2 * L);
      FloatVector x1 = FloatVector.fromArray(F, x, xo + i * 2 * L + L);
      FloatVector b = FloatVector.broadcast(F, w[wo + i]);
      c00 = x0.fma(b, c00);
      c01 = x1.fma(b, c01);
      b = FloatVector.broadcast(F, w[wo + i + COLUMNS]);
      c10 = x0.fma(b, c10);
      c11 = x1.fma(b, c11);
      b = FloatVector.broadcast(F, w[wo + i + 2 * COLUMNS]);
      c20 = x0.fma(b, c20);
      c21 = x1.fma(b, c21);
      b = FloatVector.broadcast(F, w[wo + i + 3 * COLUMNS]);
      c30 = x0.fma(b, c30);
      c31 = x1.fma(b, c31);
      b = FloatVector.broadcast(F, w[wo + i + 4 * COLUMNS]);
      c40 = x0.fma(b, c40);
      c41 = x1.fma(b, c41);
      b = FloatVector.broadcast(F, w[wo + i + 5 * COLUMNS]);
      c50 = x0.fma(b, c50);
      c51 = x1.fma(b, c51);
    }
    c00.intoArray(acc, ao);
    c01.intoArray(acc, ao + L);
    c10.intoArray(acc, ao + as);
    c11.intoArray(acc, ao + as + L);
    c20.intoArray(acc, ao + 2 * as);
    c21.intoArray(acc, ao + 2 * as + L);
    c30.intoArray(acc, ao + 3 * as);
    c31.intoArray(acc, ao + 3 * as + L);
    c40.intoArray(acc, ao + 4 * as);
    c41.intoArray(acc, ao + 4 * as + L);
    c50.intoArray(acc, ao + 5 * as);
    c51.intoArray(acc, ao + 5 * as + L);
  }

  /** {@code acc[6][L] += w[6][k] · x[k][L]}. */
  static void narrow(float[] x, int xo, float[] w, int wo, int k, float[] acc, int ao, int as) {
    FloatVector c0 = FloatVector.fromArray(F, acc, ao);
    FloatVector c1 = FloatVector.fromArray(F, acc, ao + as);
    FloatVector c2 = FloatVector.fromArray(F, acc, ao + 2 * as);
    FloatVector c3 = FloatVector.fromArray(F, acc, ao + 3 * as);
    FloatVector c4 = FloatVector.fromArray(F, acc, ao + 4 * as);
    FloatVector c5 = FloatVector.fromArray(F, acc, ao + 5 * as);
    for (int i = 0; i < k; i++) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i * L);
      c0 = v.fma(FloatVector.broadcast(F, w[wo + i]), c0);
      c1 = v.fma(FloatVector.broadcast(F, w[wo + i + COLUMNS]), c1);
      c2 = v.fma(FloatVector.broadcast(F, w[wo + i + 2 * COLUMNS]), c2);
      c3 = v.fma(FloatVector.broadcast(F, w[wo + i + 3 * COLUMNS]), c3);
      c4 = v.fma(FloatVector.broadcast(F, w[wo + i + 4 * COLUMNS]), c4);
      c5 = v.fma(FloatVector.broadcast(F, w[wo + i + 5 * COLUMNS]), c5);
    }
    c0.intoArray(acc, ao);
    c1.intoArray(acc, ao + as);
    c2.intoArray(acc, ao + 2 * as);
    c3.intoArray(acc, ao + 3 * as);
    c4.intoArray(acc, ao + 4 * as);
    c5.intoArray(acc, ao + 5 * as);
  }
}
