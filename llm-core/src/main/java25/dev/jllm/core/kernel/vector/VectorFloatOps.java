package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.L;

import dev.jllm.core.kernel.FloatOps;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link FloatOps} by the Vector API; the last few values of an array by masks. */
final class VectorFloatOps implements FloatOps {
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

  /** exp to within 2 units in the last place: 2^k · p(r), Cephes' polynomial on |r| ≤ ln 2 / 2. */
  static FloatVector exp(FloatVector x) {
    // Beyond these ends the result is 0 (or the least normal number) and infinity.
    FloatVector c = x.max(-87.33f).min(88.37f);
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
    return p.blend(0f, x.compare(VectorOperators.LT, -87.33f));
  }

  @Override
  public float expSum(float shift, float[] x, int xo, int n) {
    FloatVector s = FloatVector.zero(F);
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector e = exp(FloatVector.fromArray(F, x, xo + i).sub(shift));
      e.intoArray(x, xo + i);
      s = s.add(e);
    }
    if (i < n) {
      VectorMask<Float> m = F.indexInRange(i, n);
      FloatVector e = exp(FloatVector.fromArray(F, x, xo + i, m).sub(shift));
      e.intoArray(x, xo + i, m);
      s = s.add(e, m);
    }
    return Lanes.sum(s);
  }

  @Override
  public void siluMul(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      v.div(exp(v.neg()).add(1f)).mul(FloatVector.fromArray(F, y, yo + i)).intoArray(x, xo + i);
    }
    if (i < n) {
      VectorMask<Float> m = F.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(F, x, xo + i, m);
      v.div(exp(v.neg()).add(1f))
          .mul(FloatVector.fromArray(F, y, yo + i, m))
          .intoArray(x, xo + i, m);
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
