package dev.jllm.core.kernel.vector;

import jdk.incubator.vector.FloatVector;

/** The widths this machine offers. */
public final class VectorProbe {
  private VectorProbe() {}

  /** Bits of the widest float vector. */
  public static int bits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }
}
