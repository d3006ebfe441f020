package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows in Q8_0: blocks of an F16 scale and 32 signed bytes. Two columns of a vector's width at a
 * time, so that vectors of 128 and 256 bits, whose bytes would not fill the smallest shape, work
 * too.
 */
record Q8Rows(MemorySegment w, int columns) implements FileRows {
  private static final int BYTES = 34;

  /** As many bytes as a float vector has lanes, or the smallest shape there is. */
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

  /** Float vectors that one vector of bytes becomes. */
  private static final int PARTS = B.length() / L;

  @Override
  public void read(int row, int from, int count, float[] target, int offset) {
    long at = ((long) row * columns + from) / 32 * BYTES;
    for (int i = 0; i < count; i += 32, at += BYTES) {
      float d = Float.float16ToFloat(w.get(Segments.SHORT, at));
      for (int j = 0; j < 32; j += B.length()) {
        ByteVector q = ByteVector.fromMemorySegment(B, w, at + 2 + j, LE);
        for (int p = 0; p < PARTS; p++) {
          ((FloatVector) q.convertShape(VectorOperators.B2F, F, p))
              .mul(d)
              .intoArray(target, offset + i + j + p * L);
        }
      }
    }
  }

  @Override
  public float dot(int row, float[] x, int at) {
    long o = (long) row * (columns / 32) * BYTES;
    return L == 16 ? dot16(w, o, x, at, columns) : dotAny(w, o, x, at, columns);
  }

  private static float dot16(MemorySegment w, long o, float[] x, int at, int n) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    int i = 0;
    for (; i < n - 32; i += 64, o += 2 * BYTES) {
      FloatVector s = half(w, o + 2).mul(FloatVector.fromArray(F, x, at + i));
      FloatVector t = half(w, o + BYTES + 2).mul(FloatVector.fromArray(F, x, at + i + 32));
      s = half(w, o + 18).fma(FloatVector.fromArray(F, x, at + i + 16), s);
      t = half(w, o + BYTES + 18).fma(FloatVector.fromArray(F, x, at + i + 48), t);
      a = s.fma(FloatVector.broadcast(F, scale(w, o)), a);
      b = t.fma(FloatVector.broadcast(F, scale(w, o + BYTES)), b);
    }
    if (i < n) {
      FloatVector s = half(w, o + 2).mul(FloatVector.fromArray(F, x, at + i));
      s = half(w, o + 18).fma(FloatVector.fromArray(F, x, at + i + 16), s);
      a = s.fma(FloatVector.broadcast(F, scale(w, o)), a);
    }
    return a.add(b).reduceLanes(VectorOperators.ADD);
  }

  private static float scale(MemorySegment w, long o) {
    return Float.float16ToFloat(w.get(Segments.SHORT, o));
  }

  private static FloatVector half(MemorySegment w, long o) {
    return (FloatVector)
        ByteVector.fromMemorySegment(B, w, o, LE).convertShape(VectorOperators.B2F, F, 0);
  }

  private static float dotAny(MemorySegment w, long o, float[] x, int at, int n) {
    FloatVector a = FloatVector.zero(F);
    for (int i = 0; i < n; i += 32, o += BYTES) {
      FloatVector s = FloatVector.zero(F);
      for (int j = 0; j < 32; j += B.length()) {
        ByteVector q = ByteVector.fromMemorySegment(B, w, o + 2 + j, LE);
        for (int p = 0; p < PARTS; p++) {
          s =
              ((FloatVector) q.convertShape(VectorOperators.B2F, F, p))
                  .fma(FloatVector.fromArray(F, x, at + i + j + p * L), s);
        }
      }
      a = s.fma(FloatVector.broadcast(F, scale(w, o)), a);
    }
    return a.reduceLanes(VectorOperators.ADD);
  }
}
