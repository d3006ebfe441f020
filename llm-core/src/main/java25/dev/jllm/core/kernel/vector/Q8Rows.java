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

  /** Up to so many columns two rows are enough. */
  private static final int TWO = 4096;

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
  public void dots(int[] rows, float[] x, int at, float[] y) {
    long bytes = columns / 32 * (long) BYTES;
    long o0 = rows[0] * bytes;
    long o1 = rows[1] * bytes;
    if (L == 16 && streams() == 2) {
      two16(w, o0, o1, x, at, columns, y);
      Lanes.sums(y, 2);
      return;
    }
    long o2 = rows[2] * bytes;
    long o3 = rows[3] * bytes;
    if (L == 16) {
      four16(w, o0, o1, o2, o3, x, at, columns, y);
      Lanes.sums(y, 4);
    } else {
      y[0] = any(w, o0, x, at, columns);
      y[1] = any(w, o1, x, at, columns);
      y[2] = any(w, o2, x, at, columns);
      y[3] = any(w, o3, x, at, columns);
    }
  }

  @Override
  public int streams() {
    return columns <= TWO ? 2 : 4;
  }

  private static void two16(
      MemorySegment w, long o0, long o1, float[] x, int at, int n, float[] y) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    long o = 0;
    for (int i = 0; i < n; i += 32, o += BYTES) {
      FloatVector u = FloatVector.fromArray(F, x, at + i);
      FloatVector v = FloatVector.fromArray(F, x, at + i + 16);
      a = block(w, o0 + o, u, v).fma(scale(w, o0 + o), a);
      b = block(w, o1 + o, u, v).fma(scale(w, o1 + o), b);
    }
    a.intoArray(y, 4);
    b.intoArray(y, 4 + L);
  }

  private static void four16(
      MemorySegment w, long o0, long o1, long o2, long o3, float[] x, int at, int n, float[] y) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    long o = 0;
    for (int i = 0; i < n; i += 32, o += BYTES) {
      FloatVector u = FloatVector.fromArray(F, x, at + i);
      FloatVector v = FloatVector.fromArray(F, x, at + i + 16);
      a = block(w, o0 + o, u, v).fma(scale(w, o0 + o), a);
      b = block(w, o1 + o, u, v).fma(scale(w, o1 + o), b);
      c = block(w, o2 + o, u, v).fma(scale(w, o2 + o), c);
      d = block(w, o3 + o, u, v).fma(scale(w, o3 + o), d);
    }
    a.intoArray(y, 4);
    b.intoArray(y, 4 + L);
    c.intoArray(y, 4 + 2 * L);
    d.intoArray(y, 4 + 3 * L);
  }

  private static FloatVector block(MemorySegment w, long o, FloatVector u, FloatVector v) {
    return half(w, o + 18).fma(v, half(w, o + 2).mul(u));
  }

  private static FloatVector scale(MemorySegment w, long o) {
    return FloatVector.broadcast(F, Float.float16ToFloat(w.get(Segments.SHORT, o)));
  }

  private static FloatVector half(MemorySegment w, long o) {
    return (FloatVector)
        ByteVector.fromMemorySegment(B, w, o, LE).convertShape(VectorOperators.B2F, F, 0);
  }

  private static float any(MemorySegment w, long o, float[] x, int at, int n) {
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
      a = s.fma(scale(w, o), a);
    }
    return Lanes.sum(a);
  }
}
