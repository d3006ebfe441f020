package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link VectorAttentionOps} over bytes, for the few queries of decoding: 2L
 * neighbours of one block at a time.
 *
 * <p>{@link AttentionHalves} repeats the loops on purpose: a shared one would call a method for
 * each conversion, and a vector that comes from a method becomes an object as soon as the compiler
 * does not take it in.
 */
final class AttentionBytes {
  /** As many bytes as there are floats in a vector, where there are vectors so short. */
  static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

  private AttentionBytes() {}

  /**
   * {@code acc[4][2L] += scales[2L] · w[4][k] · x[k][2L]}; neighbouring rows lie {@code as}, {@code
   * ws}, {@code xs} apart.
   */
  static void four(
      byte[] x,
      int xo,
      int xs,
      float[] w,
      int wo,
      int ws,
      int k,
      float[] scales,
      int so,
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
          (FloatVector)
              ByteVector.fromArray(B, x, xo + i * xs).convertShape(VectorOperators.B2F, F, 0);
      FloatVector x1 =
          (FloatVector)
              ByteVector.fromArray(B, x, xo + i * xs + L).convertShape(VectorOperators.B2F, F, 0);
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
    FloatVector s = FloatVector.fromArray(F, scales, so);
    FloatVector t = FloatVector.fromArray(F, scales, so + L);
    c00.fma(s, FloatVector.fromArray(F, acc, ao)).intoArray(acc, ao);
    c01.fma(t, FloatVector.fromArray(F, acc, ao + L)).intoArray(acc, ao + L);
    c10.fma(s, FloatVector.fromArray(F, acc, ao + as)).intoArray(acc, ao + as);
    c11.fma(t, FloatVector.fromArray(F, acc, ao + as + L)).intoArray(acc, ao + as + L);
    c20.fma(s, FloatVector.fromArray(F, acc, ao + 2 * as)).intoArray(acc, ao + 2 * as);
    c21.fma(t, FloatVector.fromArray(F, acc, ao + 2 * as + L)).intoArray(acc, ao + 2 * as + L);
    c30.fma(s, FloatVector.fromArray(F, acc, ao + 3 * as)).intoArray(acc, ao + 3 * as);
    c31.fma(t, FloatVector.fromArray(F, acc, ao + 3 * as + L)).intoArray(acc, ao + 3 * as + L);
  }

  /** {@code acc[2L] += scales[2L] · w[k] · x[k][2L]}. */
  static void one(
      byte[] x,
      int xo,
      int xs,
      float[] w,
      int wo,
      int k,
      float[] scales,
      int so,
      float[] acc,
      int ao) {
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = c00;
    for (int i = 0; i < k; i++) {
      FloatVector x0 =
          (FloatVector)
              ByteVector.fromArray(B, x, xo + i * xs).convertShape(VectorOperators.B2F, F, 0);
      FloatVector x1 =
          (FloatVector)
              ByteVector.fromArray(B, x, xo + i * xs + L).convertShape(VectorOperators.B2F, F, 0);
      FloatVector b = FloatVector.broadcast(F, w[wo + i]);
      c00 = x0.fma(b, c00);
      c01 = x1.fma(b, c01);
    }
    FloatVector s = FloatVector.fromArray(F, scales, so);
    FloatVector t = FloatVector.fromArray(F, scales, so + L);
    c00.fma(s, FloatVector.fromArray(F, acc, ao)).intoArray(acc, ao);
    c01.fma(t, FloatVector.fromArray(F, acc, ao + L)).intoArray(acc, ao + L);
  }
}
