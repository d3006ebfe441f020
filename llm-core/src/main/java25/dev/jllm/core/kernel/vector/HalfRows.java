package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Rows in F16. */
record HalfRows(MemorySegment w, int columns) implements FileRows {
  @Override
  public void read(int row, int from, int count, float[] target, int offset) {
    long at = 2 * ((long) row * columns + from);
    int i = 0;
    for (; i <= count - L; i += L) {
      Halves.load(w, at + 2L * i).intoArray(target, offset + i);
    }
    for (; i < count; i++) {
      target[offset + i] = Float.float16ToFloat(w.get(Segments.SHORT, at + 2L * i));
    }
  }

  @Override
  public float dot(int row, float[] x, int at) {
    long o = 2L * row * columns;
    int n = columns / (4 * L) * (4 * L);
    float sum = body(w, o, x, at, n);
    for (int i = n; i < columns; i++) {
      sum += Float.float16ToFloat(w.get(Segments.SHORT, o + 2L * i)) * x[at + i];
    }
    return sum;
  }

  private static float body(MemorySegment w, long o, float[] x, int at, int n) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < n; i += 4 * L) {
      long p = o + 2L * i;
      a = Halves.load(w, p).fma(FloatVector.fromArray(F, x, at + i), a);
      b = Halves.load(w, p + 2 * L).fma(FloatVector.fromArray(F, x, at + i + L), b);
      c = Halves.load(w, p + 4 * L).fma(FloatVector.fromArray(F, x, at + i + 2 * L), c);
      d = Halves.load(w, p + 6 * L).fma(FloatVector.fromArray(F, x, at + i + 3 * L), d);
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }
}
