package dev.jllm.core.kernel;

import dev.jllm.core.quant.HalfFloat;
import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart the block formats that are linear in small integers: {@code w = d · q + m} with
 * {@code q} of 4 bits ({@code −8 … 7}) or 8 bits, one {@code d} and perhaps one {@code m} per {@link
 * #group} values. The layouts of the blocks are those of GGUF.
 */
enum PlainBlocks {
  Q4_0(32, true, false) {
    @Override
    void read(ByteBuffer in, int at, byte[] q, float[] d, float[] m) {
      d[0] = half(in, at);
      nibbles(in, at + 2, q);
    }
  },
  Q4_1(32, true, true) {
    @Override
    void read(ByteBuffer in, int at, byte[] q, float[] d, float[] m) {
      d[0] = half(in, at);
      m[0] = half(in, at + 2) + 8 * d[0];
      nibbles(in, at + 4, q);
    }
  },
  Q8_0(32, false, false) {
    @Override
    void read(ByteBuffer in, int at, byte[] q, float[] d, float[] m) {
      d[0] = half(in, at);
      for (int i = 0; i < 32; i++) {
        q[i] = in.get(at + 2 + i);
      }
    }
  },
  Q4_K(32, true, true) {
    @Override
    void read(ByteBuffer in, int at, byte[] q, float[] d, float[] m) {
      scales(in, at, d, m, 8);
      for (int j = 0; j < 8; j += 2) {
        for (int i = 0; i < 32; i++) {
          int v = in.get(at + 16 + 16 * j + i);
          q[32 * j + i] = (byte) ((v & 15) - 8);
          q[32 * j + 32 + i] = (byte) ((v >> 4 & 15) - 8);
        }
      }
    }
  },
  Q5_K(32, false, true) {
    @Override
    void read(ByteBuffer in, int at, byte[] q, float[] d, float[] m) {
      scales(in, at, d, m, 0);
      for (int j = 0; j < 8; j += 2) {
        for (int i = 0; i < 32; i++) {
          int v = in.get(at + 48 + 16 * j + i);
          int high = in.get(at + 16 + i) >> j;
          q[32 * j + i] = (byte) (v & 15 | (high & 1) << 4);
          q[32 * j + 32 + i] = (byte) (v >> 4 & 15 | (high & 2) << 3);
        }
      }
    }
  },
  Q6_K(16, false, false) {
    @Override
    void read(ByteBuffer in, int at, byte[] q, float[] d, float[] m) {
      float all = half(in, at + 208);
      for (int j = 0; j < 16; j++) {
        d[j] = all * in.get(at + 192 + j);
        int low = at + (j >> 3) * 64 + (j & 3) * 16;
        int high = at + 128 + (j >> 3) * 32 + (j & 1) * 16;
        for (int i = 0; i < 16; i++) {
          int v = in.get(low + i) >> (j & 4) & 15 | (in.get(high + i) >> (j & 6) & 3) << 4;
          q[16 * j + i] = (byte) (v - 32);
        }
      }
    }
  };

  /** Values that share a scale: 16 or 32. */
  final int group;

  /** Whether 4 bits hold a value. */
  final boolean fourBits;

  /** Whether there is an {@code m}. */
  final boolean offset;

  PlainBlocks(int group, boolean fourBits, boolean offset) {
    this.group = group;
    this.fourBits = fourBits;
    this.offset = offset;
  }

  /** What takes apart {@code type}; null where nothing does. */
  static @Nullable PlainBlocks of(GgmlType type) {
    for (PlainBlocks b : values()) {
      if (b.name().equals(type.name())) {
        return b;
      }
    }
    return null;
  }

  /** Takes apart the block at {@code at}. */
  abstract void read(ByteBuffer in, int at, byte[] q, float[] d, float[] m);

  private static float half(ByteBuffer in, int at) {
    return HalfFloat.toFloat((short) (in.get(at) & 255 | in.get(at + 1) << 8));
  }

  private static void nibbles(ByteBuffer in, int at, byte[] q) {
    for (int i = 0; i < 16; i++) {
      int v = in.get(at + i);
      q[i] = (byte) ((v & 15) - 8);
      q[i + 16] = (byte) ((v >> 4 & 15) - 8);
    }
  }

  /** The scales of Q4_K and Q5_K; values are counted from {@code zero}. */
  private static void scales(ByteBuffer in, int at, float[] d, float[] m, int zero) {
    float scale = half(in, at);
    float min = half(in, at + 2);
    int s = at + 4;
    for (int j = 0; j < 8; j++) {
      int a;
      int b;
      if (j < 4) {
        a = in.get(s + j) & 63;
        b = in.get(s + 4 + j) & 63;
      } else {
        a = in.get(s + 4 + j) & 15 | (in.get(s + j - 4) >> 6 & 3) << 4;
        b = in.get(s + 4 + j) >> 4 & 15 | (in.get(s + j) >> 6 & 3) << 4;
      }
      d[j] = scale * a;
      m[j] = zero * d[j] - min * b;
    }
  }
}
