package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.HALF_S;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The inner loops of {@link VectorAttentionOps} over F16, for the few queries of decoding. A half's
 * bits are shifted into a float's place, which makes a number too small by 2^112; the caller sees
 * to that, so that the loop does not. The loops are those of {@link AttentionBytes}, which says why
 * they are repeated.
 */
final class AttentionHalves {
  private AttentionHalves() {}

  /**
   * {@code acc[4][2L] += scale · w[4][k] · x[k][2L]} with x too small by 2^112; neighbouring rows
   * lie {@code as}, {@code ws}, {@code xs} apart.
   */
  static void four(
      short[] x,
      int xo,
      int xs,
      float[] w,
      int wo,
      int ws,
      int k,
      float scale,
      float[] acc,
      int ao,
      int as) {
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = c00;
    FloatVector c10 = c00;
    FloatVector c11 = c00;
    FloatVector c20 = c00;
    FloatVector c21 = c00;
    FloatVector c30 = c00;
    FloatVector c31 = c00;
    for (int i = 0; i < k; i++) {
      FloatVector x0 =
          ((IntVector)
                  ShortVector.fromArray(HALF_S, x, xo + i * xs)
                      .convertShape(VectorOperators.S2I, I, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(Halves.MASK)
              .reinterpretAsFloats();
      FloatVector x1 =
          ((IntVector)
                  ShortVector.fromArray(HALF_S, x, xo + i * xs + L)
                      .convertShape(VectorOperators.S2I, I, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(Halves.MASK)
              .reinterpretAsFloats();
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
    FloatVector s = FloatVector.broadcast(F, scale);
    c00.fma(s, FloatVector.fromArray(F, acc, ao)).intoArray(acc, ao);
    c01.fma(s, FloatVector.fromArray(F, acc, ao + L)).intoArray(acc, ao + L);
    c10.fma(s, FloatVector.fromArray(F, acc, ao + as)).intoArray(acc, ao + as);
    c11.fma(s, FloatVector.fromArray(F, acc, ao + as + L)).intoArray(acc, ao + as + L);
    c20.fma(s, FloatVector.fromArray(F, acc, ao + 2 * as)).intoArray(acc, ao + 2 * as);
    c21.fma(s, FloatVector.fromArray(F, acc, ao + 2 * as + L)).intoArray(acc, ao + 2 * as + L);
    c30.fma(s, FloatVector.fromArray(F, acc, ao + 3 * as)).intoArray(acc, ao + 3 * as);
    c31.fma(s, FloatVector.fromArray(F, acc, ao + 3 * as + L)).intoArray(acc, ao + 3 * as + L);
  }

  /** {@code acc[2L] += scale · w[k] · x[k][2L]} with x too small by 2^112. */
  static void one(
      short[] x, int xo, int xs, float[] w, int wo, int k, float scale, float[] acc, int ao) {
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = c00;
    for (int i = 0; i < k; i++) {
      FloatVector x0 =
          ((IntVector)
                  ShortVector.fromArray(HALF_S, x, xo + i * xs)
                      .convertShape(VectorOperators.S2I, I, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(Halves.MASK)
              .reinterpretAsFloats();
      FloatVector x1 =
          ((IntVector)
                  ShortVector.fromArray(HALF_S, x, xo + i * xs + L)
                      .convertShape(VectorOperators.S2I, I, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(Halves.MASK)
              .reinterpretAsFloats();
      FloatVector b = FloatVector.broadcast(F, w[wo + i]);
      c00 = x0.fma(b, c00);
      c01 = x1.fma(b, c01);
    }
    FloatVector s = FloatVector.broadcast(F, scale);
    c00.fma(s, FloatVector.fromArray(F, acc, ao)).intoArray(acc, ao);
    c01.fma(s, FloatVector.fromArray(F, acc, ao + L)).intoArray(acc, ao + L);
  }
}
