package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of {@link VectorAttentionOps} over floats.
 *
 * <p>The loop of {@link #six} is that of {@link FloatTile#wide}, whose distances are constants that
 * the compiler folds into addresses. Its body cannot stand in a method of its own, since vectors
 * handed to a method become objects as soon as the compiler does not take it in.
 */
final class AttentionTile {
  private AttentionTile() {}

  /**
   * {@code acc[6][2L] += w[6][k] · x[k][2L]}; neighbouring rows lie {@code as}, {@code ws}, {@code
   * xs} apart.
   */
  static void six(
      float[] x, int xo, int xs, float[] w, int wo, int ws, int k, float[] acc, int ao, int as) {
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
      FloatVector x0 = FloatVector.fromArray(F, x, xo + i * xs);
      FloatVector x1 = FloatVector.fromArray(F, x, xo + i * xs + L);
      FloatVector b = FloatVector.broadcast(F, w[wo + i]);
      c00 = x0.fma(b, c00);
      c01 = x1.fma(b, c01);
      b = FloatVector.broadcast(F, w[wo + i + ws]);
      c10 = x0.fma(b, c10);
      c11 = x1.fma(b, c11);
      b = FloatVector.broadcast(F, w[wo + i + 2 * ws]);
      c20 = x0.fma(b, c20);
      c21 = x1.fma(b, c21);
      b = FloatVector.broadcast(F, w[wo + i + 3 * ws]);
      c30 = x0.fma(b, c30);
      c31 = x1.fma(b, c31);
      b = FloatVector.broadcast(F, w[wo + i + 4 * ws]);
      c40 = x0.fma(b, c40);
      c41 = x1.fma(b, c41);
      b = FloatVector.broadcast(F, w[wo + i + 5 * ws]);
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

  /** {@code out[2L] = Σ_i w[i] · x[i][2L]}. */
  static void one(float[] x, int xo, int xs, float[] w, int wo, int k, float[] out, int o) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    for (int i = 0; i < k; i++) {
      FloatVector s = FloatVector.broadcast(F, w[wo + i]);
      a = FloatVector.fromArray(F, x, xo + i * xs).fma(s, a);
      b = FloatVector.fromArray(F, x, xo + i * xs + L).fma(s, b);
    }
    a.intoArray(out, o);
    b.intoArray(out, o + L);
  }

  /** {@code out[L] += Σ_i w[i] · v[i][L]}. */
  static void column(float[] w, int wo, int n, float[] v, int vo, int vs, float[] out, int o) {
    FloatVector a = FloatVector.fromArray(F, out, o);
    FloatVector b = FloatVector.zero(F);
    int i = 0;
    for (; i < n - 1; i += 2) {
      a = FloatVector.fromArray(F, v, vo + i * vs).fma(FloatVector.broadcast(F, w[wo + i]), a);
      b =
          FloatVector.fromArray(F, v, vo + i * vs + vs)
              .fma(FloatVector.broadcast(F, w[wo + i + 1]), b);
    }
    if (i < n) {
      a = FloatVector.fromArray(F, v, vo + i * vs).fma(FloatVector.broadcast(F, w[wo + i]), a);
    }
    a.add(b).intoArray(out, o);
  }

  /**
   * {@code acc[4][2L] += w[4][k] · x[k][2L]}; neighbouring rows lie {@code as}, {@code ws}, {@code
   * xs} apart.
   */
  static void four(
      float[] x, int xo, int xs, float[] w, int wo, int ws, int k, float[] acc, int ao, int as) {
    FloatVector c00 = FloatVector.fromArray(F, acc, ao);
    FloatVector c01 = FloatVector.fromArray(F, acc, ao + L);
    FloatVector c10 = FloatVector.fromArray(F, acc, ao + as);
    FloatVector c11 = FloatVector.fromArray(F, acc, ao + as + L);
    FloatVector c20 = FloatVector.fromArray(F, acc, ao + 2 * as);
    FloatVector c21 = FloatVector.fromArray(F, acc, ao + 2 * as + L);
    FloatVector c30 = FloatVector.fromArray(F, acc, ao + 3 * as);
    FloatVector c31 = FloatVector.fromArray(F, acc, ao + 3 * as + L);
    for (int i = 0; i < k; i++) {
      FloatVector x0 = FloatVector.fromArray(F, x, xo + i * xs);
      FloatVector x1 = FloatVector.fromArray(F, x, xo + i * xs + L);
      FloatVector b = FloatVector.broadcast(F, w[wo + i]);
      c00 = x0.fma(b, c00);
      c01 = x1.fma(b, c01);
      b = FloatVector.broadcast(F, w[wo + i + ws]);
      c10 = x0.fma(b, c10);
      c11 = x1.fma(b, c11);
      b = FloatVector.broadcast(F, w[wo + i + 2 * ws]);
      c20 = x0.fma(b, c20);
      c21 = x1.fma(b, c21);
      b = FloatVector.broadcast(F, w[wo + i + 3 * ws]);
      c30 = x0.fma(b, c30);
      c31 = x1.fma(b, c31);
    }
    c00.intoArray(acc, ao);
    c01.intoArray(acc, ao + L);
    c10.intoArray(acc, ao + as);
    c11.intoArray(acc, ao + as + L);
    c20.intoArray(acc, ao + 2 * as);
    c21.intoArray(acc, ao + 2 * as + L);
    c30.intoArray(acc, ao + 3 * as);
    c31.intoArray(acc, ao + 3 * as + L);
  }
}
