package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Rows in F32. */
record FullRows(MemorySegment w, int columns) implements FileRows {
  @Override
  public void read(int row, int from, int count, float[] target, int offset) {
    long at = 4 * ((long) row * columns + from);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector.fromMemorySegment(F, w, at + 4L * i, LE).intoArray(target, offset + i);
    }
    for (; i < count; i++) {
      target[offset + i] = w.get(Segments.FLOAT, at + 4L * i);
    }
  }

  @Override
  public float dot(int row, float[] x, int at) {
    long o = 4L * row * columns;
    int n = columns / (4 * L) * (4 * L);
    float sum = body(w, o, x, at, n);
    for (int i = n; i < columns; i++) {
      sum += w.get(Segments.FLOAT, o + 4L * i) * x[at + i];
    }
    return sum;
  }

  private static float body(MemorySegment w, long o, float[] x, int at, int n) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < n; i += 4 * L) {
      long p = o + 4L * i;
      a = FloatVector.fromMemorySegment(F, w, p, LE).fma(FloatVector.fromArray(F, x, at + i), a);
      b = load(w, p + 4 * L).fma(FloatVector.fromArray(F, x, at + i + L), b);
      c = load(w, p + 8 * L).fma(FloatVector.fromArray(F, x, at + i + 2 * L), c);
      d = load(w, p + 12 * L).fma(FloatVector.fromArray(F, x, at + i + 3 * L), d);
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  private static FloatVector load(MemorySegment w, long at) {
    return FloatVector.fromMemorySegment(F, w, at, LE);
  }
}
