package dev.jllm.core.kernel;

import dev.jllm.gguf.GgmlType;
import org.jspecify.annotations.Nullable;

/**
 * The block formats that the plain kernels repack, taken apart: {@code w = D · s · (q − zero) + M ·
 * m} with whole numbers {@code q}, {@code s} and {@code m} and F16 numbers {@code D} and {@code M};
 * what a format does not have counts as 1, or as 0 for {@code M}. The layouts of the blocks are
 * those of GGUF.
 */
enum PlainFormat {
  F16(Form.HALVES, 1, 1, 0, false, false) {
    @Override
    void read(byte[] in, int at, short[] q, byte[] scales, short[] large) {
      q[0] = word(in, at);
    }
  },
  Q8_0(Form.BYTES, 32, 32, 0, false, false) {
    @Override
    void read(byte[] in, int at, short[] q, byte[] scales, short[] large) {
      large[0] = word(in, at);
      for (int i = 0; i < 32; i++) {
        q[i] = in[at + 2 + i];
      }
    }
  },
  Q4_0(Form.NIBBLES, 32, 32, 8, false, false) {
    @Override
    void read(byte[] in, int at, short[] q, byte[] scales, short[] large) {
      large[0] = word(in, at);
      nibbles(in, at + 2, q);
    }
  },
  Q4_1(Form.NIBBLES, 32, 32, 0, false, true) {
    @Override
    void read(byte[] in, int at, short[] q, byte[] scales, short[] large) {
      large[0] = word(in, at);
      large[1] = word(in, at + 2);
      nibbles(in, at + 4, q);
    }
  },
  Q4_K(Form.NIBBLES, 256, 32, 0, true, true) {
    @Override
    void read(byte[] in, int at, short[] q, byte[] scales, short[] large) {
      scales(in, at, scales, large);
      for (int j = 0; j < 8; j += 2) {
        for (int i = 0; i < 32; i++) {
          int v = in[at + 16 + 16 * j + i];
          q[32 * j + i] = (short) (v & 15);
          q[32 * j + 32 + i] = (short) (v >> 4 & 15);
        }
      }
    }
  },
  Q5_K(Form.BYTES, 256, 32, 0, true, true) {
    @Override
    void read(byte[] in, int at, short[] q, byte[] scales, short[] large) {
      scales(in, at, scales, large);
      for (int j = 0; j < 8; j += 2) {
        for (int i = 0; i < 32; i++) {
          int v = in[at + 48 + 16 * j + i];
          int high = in[at + 16 + i] >> j;
          q[32 * j + i] = (short) (v & 15 | (high & 1) << 4);
          q[32 * j + 32 + i] = (short) (v >> 4 & 15 | (high & 2) << 3);
        }
      }
    }
  },
  Q6_K(Form.BYTES, 256, 16, 0, true, false) {
    @Override
    void read(byte[] in, int at, short[] q, byte[] scales, short[] large) {
      large[0] = word(in, at + 208);
      for (int j = 0; j < 16; j++) {
        scales[j] = in[at + 192 + j];
        int low = at + (j >> 3) * 64 + (j & 3) * 16;
        int high = at + 128 + (j >> 3) * 32 + (j & 1) * 16;
        for (int i = 0; i < 16; i++) {
          int v = in[low + i] >> (j & 4) & 15 | (in[high + i] >> (j & 6) & 3) << 4;
          q[16 * j + i] = (short) (v - 32);
        }
      }
    }
  };

  /** In what the numbers {@code q} of a column are kept. */
  enum Form {
    /** Eight columns in an {@code int}, the first in the lowest bits. */
    NIBBLES,
    BYTES,
    /** F16 numbers. */
    HALVES
  }

  final Form form;

  /** Values that share {@code D} and {@code M}. */
  final int block;

  /** Values that share {@code s} and {@code m}. */
  final int group;

  final int zero;

  /** Whether groups have scales, {@code s}, and {@code m} if there is {@code M}. */
  final boolean nested;

  /** Whether there is {@code M}. */
  final boolean offset;

  PlainFormat(Form form, int block, int group, int zero, boolean nested, boolean offset) {
    this.form = form;
    this.block = block;
    this.group = group;
    this.zero = zero;
    this.nested = nested;
    this.offset = offset;
  }

  /** What takes apart {@code type}; null where nothing does. */
  static @Nullable PlainFormat of(GgmlType type) {
    for (PlainFormat f : values()) {
      if (f.name().equals(type.name())) {
        return f;
      }
    }
    return null;
  }

  /**
   * Takes apart the block at {@code at}.
   *
   * @param scales {@code s} of all groups, then {@code m} of all groups
   * @param large {@code D}, then {@code M}
   */
  abstract void read(byte[] in, int at, short[] q, byte[] scales, short[] large);

  private static short word(byte[] in, int at) {
    return (short) (in[at] & 255 | in[at + 1] << 8);
  }

  private static void nibbles(byte[] in, int at, short[] q) {
    for (int i = 0; i < 16; i++) {
      int v = in[at + i];
      q[i] = (short) (v & 15);
      q[i + 16] = (short) (v >> 4 & 15);
    }
  }

  /**
   * The scales of Q4_K and Q5_K: eight of 6 bits each, and as many minima, which are subtracted.
   */
  private static void scales(byte[] in, int at, byte[] scales, short[] large) {
    large[0] = word(in, at);
    large[1] = (short) (word(in, at + 2) ^ 0x8000);
    int s = at + 4;
    for (int j = 0; j < 4; j++) {
      scales[j] = (byte) (in[s + j] & 63);
      scales[8 + j] = (byte) (in[s + 4 + j] & 63);
      scales[4 + j] = (byte) (in[s + 8 + j] & 15 | (in[s + j] >> 6 & 3) << 4);
      scales[12 + j] = (byte) (in[s + 8 + j] >> 4 & 15 | (in[s + 4 + j] >> 6 & 3) << 4);
    }
  }
}
