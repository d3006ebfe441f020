package dev.jllm.core.kernel.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The shapes of all kernels: the widest vectors, and narrower ones with as many lanes. */
final class Lanes {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;

  /** Lanes of a float vector. */
  static final int L = F.length();

  /** As many shorts as there are floats in a vector. */
  static final VectorSpecies<Short> HALF_S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  /** As many bytes as there are shorts in a vector. */
  static final VectorSpecies<Byte> HALF_B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  /** Halves, quarters … of a vector of floats exchanged. */
  private static final VectorShuffle<Float> BY_8 = exchange(8);

  private static final VectorShuffle<Float> BY_4 = exchange(4);
  private static final VectorShuffle<Float> BY_2 = exchange(2);
  private static final VectorShuffle<Float> BY_1 = exchange(1);

  private Lanes() {}

  private static VectorShuffle<Float> exchange(int distance) {
    return VectorShuffle.fromOp(F, i -> i ^ distance % L);
  }

  /**
   * The sum of all lanes, always in the same order: {@code reduceLanes(ADD)} leaves the order open,
   * and compiled code uses another one than the interpreter, so that the last bit of a result would
   * depend on what is compiled when.
   */
  static float sum(FloatVector v) {
    if (L > 16) {
      return wideSum(v);
    }
    FloatVector s = v;
    if (L > 8) {
      s = s.add(s.rearrange(BY_8));
    }
    if (L > 4) {
      s = s.add(s.rearrange(BY_4));
    }
    if (L > 2) {
      s = s.add(s.rearrange(BY_2));
    }
    return s.add(s.rearrange(BY_1)).lane(0);
  }

  /**
   * {@code y[i]} becomes the sum of the vector at {@code y[4 + i · L]}, i < n. The vectors come in
   * an array, as a method that adds several up within its own loop grows too large to be compiled
   * as one, and every vector handed to another becomes an object.
   */
  static void sums(float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = sum(FloatVector.fromArray(F, y, 4 + i * L));
    }
  }

  private static float wideSum(FloatVector v) {
    float sum = 0;
    for (float f : v.toArray()) {
      sum += f;
    }
    return sum;
  }

  /** The least multiple of {@code step} that is not less than {@code n}. */
  static int up(int n, int step) {
    return (n + step - 1) / step * step;
  }
}
