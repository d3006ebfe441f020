package dev.jllm.core.kernel.vector;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
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

  private Lanes() {}

  /** The least multiple of {@code step} that is not less than {@code n}. */
  static int up(int n, int step) {
    return (n + step - 1) / step * step;
  }
}
