package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;

import dev.jllm.core.kernel.InputForm;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
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
  public InputForm form() {
    return InputForm.HALVES;
  }

  @Override
  public void dots(int[] rows, float[] x, int at, float[] y) {
    long o0 = 2L * rows[0] * columns;
    long o1 = 2L * rows[1] * columns;
    long o2 = 2L * rows[2] * columns;
    long o3 = 2L * rows[3] * columns;
    int n = HalfInput.whole(columns);
    four(w, o0, o1, o2, o3, x, at, n, y);
    Lanes.sums(y, 4);
    for (int i = 0; i < 4; i++) {
      y[i] *= (Halves.BIAS / HalfInput.UP);
    }
    for (int i = n; i < columns; i++) {
      y[0] += Float.float16ToFloat(w.get(Segments.SHORT, o0 + 2L * i)) * x[at + i];
      y[1] += Float.float16ToFloat(w.get(Segments.SHORT, o1 + 2L * i)) * x[at + i];
      y[2] += Float.float16ToFloat(w.get(Segments.SHORT, o2 + 2L * i)) * x[at + i];
      y[3] += Float.float16ToFloat(w.get(Segments.SHORT, o3 + 2L * i)) * x[at + i];
    }
  }

  private static void four(
      MemorySegment w, long o0, long o1, long o2, long o3, float[] x, int at, int n, float[] y) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < n; i += 2 * L) {
      FloatVector u = FloatVector.fromArray(F, x, at + i);
      FloatVector v = FloatVector.fromArray(F, x, at + i + L);
      IntVector q = IntVector.fromMemorySegment(I, w, o0 + 2L * i, LE);
      a = odd(q).fma(v, even(q).fma(u, a));
      q = IntVector.fromMemorySegment(I, w, o1 + 2L * i, LE);
      b = odd(q).fma(v, even(q).fma(u, b));
      q = IntVector.fromMemorySegment(I, w, o2 + 2L * i, LE);
      c = odd(q).fma(v, even(q).fma(u, c));
      q = IntVector.fromMemorySegment(I, w, o3 + 2L * i, LE);
      d = odd(q).fma(v, even(q).fma(u, d));
    }
    a.intoArray(y, 4);
    b.intoArray(y, 4 + L);
    c.intoArray(y, 4 + 2 * L);
    d.intoArray(y, 4 + 3 * L);
  }

  /** 2^−112 times the lower halves. */
  private static FloatVector even(IntVector q) {
    return odd(q.lanewise(VectorOperators.LSHL, 16));
  }

  /** 2^−112 times the upper halves. */
  private static FloatVector odd(IntVector q) {
    return q.lanewise(VectorOperators.ASHR, 3).and(Halves.MASK).reinterpretAsFloats();
  }
}
