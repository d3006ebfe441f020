package dev.jllm.core.kernel.vector;

import dev.jllm.gguf.GgmlType;

/** The formats that have a repacked layout. */
final class PairFormats {
  private PairFormats() {}

  /** The layout of {@code type}, or null. */
  static PairFormat of(GgmlType type) {
    return switch (type) {
      case Q4_0 -> new PairQ4();
      case Q4_K -> new PairQ4K();
      case Q6_K -> new PairQ6K();
      default -> null;
    };
  }
}
