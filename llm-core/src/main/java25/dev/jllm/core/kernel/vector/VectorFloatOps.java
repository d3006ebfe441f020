package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;

import dev.jllm.core.kernel.FloatOps;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link FloatOps} by the Vector API; the last few values of an array by masks. */
final class VectorFloatOps implements FloatOps {
  /** Values at a time of what takes several steps. */
  private static final int CHUNK = 1024;

  private static final ThreadLocal<float[]> TEMPORARY =
      ThreadLocal.withInitial(() -> new float[CHUNK]);

  @Override
  public float dot(float[] a, int ao, float[] b, int bo, int n) {
    FloatVector s = FloatVector.zero(F);
    FloatVector t = s;
    FloatVector u = s;
    FloatVector v = s;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      s = FloatVector.fromArray(F, a, ao + i).fma(FloatVector.fromArray(F, b, bo + i), s);
      t = FloatVector.fromArray(F, a, ao + i + L).fma(FloatVector.fromArray(F, b, bo + i + L), t);
      u =
          FloatVector.fromArray(F, a, ao + i + 2 * L)
              .fma(FloatVector.fromArray(F, b, bo + i + 2 * L), u);
      v =
          FloatVector.fromArray(F, a, ao + i + 3 * L)
              .fma(FloatVector.fromArray(F, b, bo + i + 3 * L), v);
    }
    for (; i <= n - L; i += L) {
      s = FloatVector.fromArray(F, a, ao + i).fma(FloatVector.fromArray(F, b, bo + i), s);
    }
    float sum = Lanes.sum(s.add(t).add(u.add(v)));
    for (; i < n; i++) {
      sum += a[ao + i] * b[bo + i];
    }
    return sum;
  }

  @Override
  public void axpy(float s, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector f = FloatVector.broadcast(F, s);
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(F, x, xo + i)
          .fma(f, FloatVector.fromArray(F, y, yo + i))
          .intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.fma(s, x[xo + i], y[yo + i]);
    }
  }

  @Override
  public void add(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(F, y, yo + i)
          .add(FloatVector.fromArray(F, x, xo + i))
          .intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] += x[xo + i];
    }
  }

  @Override
  public void mul(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(F, y, yo + i)
          .mul(FloatVector.fromArray(F, x, xo + i))
          .intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] *= x[xo + i];
    }
  }

  @Override
  public void scale(float s, float[] x, int xo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(F, x, xo + i).mul(s).intoArray(x, xo + i);
    }
    for (; i < n; i++) {
      x[xo + i] *= s;
    }
  }

  @Override
  public float sumOfSquares(float[] x, int xo, int n) {
    return dot(x, xo, x, xo, n);
  }

  @Override
  public void scaleMul(float s, float[] x, int xo, float[] w, int wo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(F, x, xo + i)
          .mul(s)
          .mul(FloatVector.fromArray(F, w, wo + i))
          .intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = x[xo + i] * s * w[wo + i];
    }
  }

  @Override
  public float max(float[] x, int xo, int n) {
    float best = x[xo];
    int i = 0;
    if (n >= L) {
      FloatVector m = FloatVector.fromArray(F, x, xo);
      for (i = L; i <= n - L; i += L) {
        m = m.max(FloatVector.fromArray(F, x, xo + i));
      }
      best = m.reduceLanes(VectorOperators.MAX);
    }
    for (; i < n; i++) {
      best = Math.max(best, x[xo + i]);
    }
    return best;
  }

  /**
   * {@code y[i] = exp(factor · (x[i] − shift))} to within 2 units in the last place: 2^k · p(r),
   * Cephes' polynomial on |r| ≤ ln 2 / 2. {@code n} is a multiple of L.
   *
   * <p>On arrays, not on vectors: where a method that was compiled before returns a vector, its
   * callers do not take it in any more, and every vector becomes an object.
   */
  private static void exp(float[] x, int xo, float shift, float factor, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i).sub(shift).mul(factor);
      // Beyond these ends the result is 0 (or the least normal number) and infinity.
      FloatVector c = v.max(-87.33f).min(88.37f);
      IntVector k =
          (IntVector)
              c.mul(1.44269504f)
                  .add(12582912f) // 1.5 · 2^23 rounds to an integer
                  .sub(12582912f)
                  .convert(VectorOperators.F2I, 0);
      FloatVector f = (FloatVector) k.convert(VectorOperators.I2F, 0);
      FloatVector r = f.fma(FloatVector.broadcast(F, -0.693359375f), c);
      r = f.fma(FloatVector.broadcast(F, 2.12194440e-4f), r);
      FloatVector p = FloatVector.broadcast(F, 1.9875691500e-4f);
      p = p.fma(r, FloatVector.broadcast(F, 1.3981999507e-3f));
      p = p.fma(r, FloatVector.broadcast(F, 8.3334519073e-3f));
      p = p.fma(r, FloatVector.broadcast(F, 4.1665795894e-2f));
      p = p.fma(r, FloatVector.broadcast(F, 1.6666665459e-1f));
      p = p.fma(r, FloatVector.broadcast(F, 5.0000001201e-1f));
      p = p.mul(r).fma(r, r).add(1f);
      p = p.mul(k.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      p.blend(0f, v.compare(VectorOperators.LT, -87.33f)).intoArray(y, yo + i);
    }
  }

  @Override
  public float expSum(float shift, float[] x, int xo, int n) {
    int whole = n / L * L;
    exp(x, xo, shift, 1, x, xo, whole);
    if (whole < n) {
      float[] t = TEMPORARY.get();
      System.arraycopy(x, xo + whole, t, 0, n - whole);
      exp(t, 0, shift, 1, t, 0, L);
      System.arraycopy(t, 0, x, xo + whole, n - whole);
    }
    return sum(x, xo, n);
  }

  private static float sum(float[] x, int xo, int n) {
    FloatVector s = FloatVector.zero(F);
    int i = 0;
    for (; i <= n - L; i += L) {
      s = s.add(FloatVector.fromArray(F, x, xo + i));
    }
    float sum = Lanes.sum(s);
    for (; i < n; i++) {
      sum += x[xo + i];
    }
    return sum;
  }

  @Override
  public void siluMul(float[] x, int xo, float[] y, int yo, int n) {
    float[] t = TEMPORARY.get();
    for (int i = 0; i < n; i += CHUNK) {
      int m = Math.min(CHUNK, n - i);
      System.arraycopy(x, xo + i, t, 0, m);
      exp(t, 0, 0, -1, t, 0, Lanes.up(m, L));
      over(x, xo + i, y, yo + i, t, m);
    }
  }

  /** {@code x = x · y / (1 + e)}. */
  private static void over(float[] x, int xo, float[] y, int yo, float[] e, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(F, x, xo + i)
          .div(FloatVector.fromArray(F, e, i).add(1f))
          .mul(FloatVector.fromArray(F, y, yo + i))
          .intoArray(x, xo + i);
    }
    for (; i < n; i++) {
      x[xo + i] = x[xo + i] / (e[i] + 1f) * y[yo + i];
    }
  }

  @Override
  public void rotateHalves(float[] x, int xo, float[] cos, float[] sin, int to, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector a = FloatVector.fromArray(F, x, xo + i);
      FloatVector b = FloatVector.fromArray(F, x, xo + n + i);
      FloatVector c = FloatVector.fromArray(F, cos, to + i);
      FloatVector s = FloatVector.fromArray(F, sin, to + i);
      a.mul(c).sub(b.mul(s)).intoArray(x, xo + i);
      a.mul(s).add(b.mul(c)).intoArray(x, xo + n + i);
    }
    for (; i < n; i++) {
      float a = x[xo + i];
      float b = x[xo + n + i];
      x[xo + i] = a * cos[to + i] - b * sin[to + i];
      x[xo + n + i] = a * sin[to + i] + b * cos[to + i];
    }
  }
}
