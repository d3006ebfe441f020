package dev.jllm.core.kernel.vector;

import dev.jllm.gguf.GgmlType;

/** The formats that have a repacked layout. */
final class PairFormats {
  private PairFormats() {}

  /** The layout of {@code type} for rows of so many columns, or null. */
  static PairFormat of(GgmlType type, int columns) {
    return switch (type) {
      case Q4_0 -> new PairQ4();
      case Q4_1 -> new PairBlocks(false, true);
      case Q5_0 -> new PairBlocks(true, false);
      case Q5_1 -> new PairBlocks(true, true);
      case Q2_K -> new PairQ2K();
      case Q3_K -> new PairQ3K();
      case Q4_K -> new PairQ4K();
      case Q5_K -> new PairQ5K();
      case Q6_K -> new PairQ6K();
      case IQ4_NL -> new PairIq4(false);
      case IQ4_XS -> new PairIq4(true);
      case MXFP4 -> columns % 64 == 0 ? new PairMxFp4() : null;
      default -> null;
    };
  }
}
