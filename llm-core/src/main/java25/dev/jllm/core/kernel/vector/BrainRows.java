package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.HALF_S;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;

import dev.jllm.core.kernel.InputForm;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Rows in BF16: the upper halves of floats. */
record BrainRows(MemorySegment w, int columns) implements FileRows {
  @Override
  public void read(int row, int from, int count, float[] target, int offset) {
    long at = 2 * ((long) row * columns + from);
    int i = 0;
    for (; i <= count - L; i += L) {
      load(w, at + 2L * i).intoArray(target, offset + i);
    }
    for (; i < count; i++) {
      target[offset + i] = Float.intBitsToFloat(w.get(Segments.SHORT, at + 2L * i) << 16);
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
      y[i] *= (1 / HalfInput.UP);
    }
    for (int i = n; i < columns; i++) {
      y[0] += Float.intBitsToFloat(w.get(Segments.SHORT, o0 + 2L * i) << 16) * x[at + i];
      y[1] += Float.intBitsToFloat(w.get(Segments.SHORT, o1 + 2L * i) << 16) * x[at + i];
      y[2] += Float.intBitsToFloat(w.get(Segments.SHORT, o2 + 2L * i) << 16) * x[at + i];
      y[3] += Float.intBitsToFloat(w.get(Segments.SHORT, o3 + 2L * i) << 16) * x[at + i];
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

  private static FloatVector even(IntVector q) {
    return q.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  private static FloatVector odd(IntVector q) {
    return q.and(0xffff0000).reinterpretAsFloats();
  }

  private static FloatVector load(MemorySegment w, long at) {
    IntVector q =
        (IntVector)
            ShortVector.fromMemorySegment(HALF_S, w, at, LE)
                .convertShape(VectorOperators.S2I, I, 0);
    return q.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }
}
