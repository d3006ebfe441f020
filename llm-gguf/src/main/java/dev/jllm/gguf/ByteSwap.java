package dev.jllm.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Turns the blocks of a big-endian file into little-endian ones and back: the fields of several
 * bytes within a block are reversed, bytes stay.
 */
final class ByteSwap {
  private static final int[] NONE = {};
  private static final int[] AT_0 = {0};
  private static final int[] AT_0_2 = {0, 2};

  private ByteSwap() {}

  /** Offsets of the 16-bit fields of a block, or null for types that are swapped otherwise. */
  private static int @Nullable [] shorts(GgmlType type) {
    return switch (type) {
      case I8, MXFP4, NVFP4 -> NONE;
      case F16, BF16, I16, Q4_0, Q8_0, IQ4_NL, Q1_0, Q2_0, IQ2_S, IQ3_S -> AT_0;
      case Q4_1, Q4_K, Q5_K, IQ4_XS -> AT_0_2;
      case Q2_K -> new int[] {80, 82};
      case Q3_K -> new int[] {108};
      case Q6_K -> new int[] {208};
      case TQ1_0 -> new int[] {52};
      case TQ2_0 -> new int[] {64};
      default -> null;
    };
  }

  private static int wordBytes(GgmlType type) {
    return switch (type) {
      case F32, I32 -> 4;
      case F64, I64 -> 8;
      default -> 0;
    };
  }

  /**
   * Whether {@link #copy} knows the type. It does not know those whose blocks hold bits that some
   * programs take for bytes and others for longer words (Q5_0, Q5_1 and some IQ types): there is no
   * agreement on how a big-endian file has them.
   */
  static boolean knows(GgmlType type) {
    return wordBytes(type) != 0 || shorts(type) != null;
  }

  /** A little-endian direct copy, with every field reversed, of whole blocks. */
  static ByteBuffer copy(GgmlType type, ByteBuffer source) {
    int n = source.remaining();
    ByteBuffer target = ByteBuffer.allocateDirect(n).order(ByteOrder.LITTLE_ENDIAN);
    int from = source.position();
    int word = wordBytes(type);
    if (word != 0) {
      for (int i = 0; i < n; i++) {
        // The offset within a word is mirrored.
        target.put(i, source.get(from + i - i % word + word - 1 - i % word));
      }
      return target;
    }
    target.put(source.duplicate());
    ((java.nio.Buffer) target).clear();
    int[] fields = shorts(type);
    if (fields != null) {
      for (int block = 0; block < n; block += type.blockBytes()) {
        for (int field : fields) {
          int at = block + field;
          target.putShort(at, Short.reverseBytes(target.getShort(at)));
        }
      }
    }
    return target;
  }
}
