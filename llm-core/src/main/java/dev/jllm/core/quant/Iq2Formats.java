package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/**
 * About two bits a value: eight magnitudes come from a codebook ({@link IqGrids}), the signs are
 * stored beside. 256 values in groups of 32; a group's (or half group's) 4-bit scale {@code s}
 * counts as {@code d (0.5 + s) / 4}.
 */
final class Iq2Formats {
  private Iq2Formats() {}

  /**
   * IQ2_XXS: half {@code d}, then per group four codebook indices of 8 bits and a 32-bit word with
   * four times seven sign bits (the eighth follows from even parity) and the scale on top.
   */
  static final class Xxs extends BlockFormat {
    Xxs() {
      super(GgmlType.IQ2_XXS);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      long[] grid = IqGrids.Iq2Xxs.GRID;
      for (int b = 0; b < blocks; b++, at += 66) {
        float d = half(in, at);
        for (int q = at + 2; q < at + 66; q += 8) {
          int word = in.getInt(q + 4);
          float dl = d * (0.5f + (word >>> 28)) * 0.25f;
          for (int l = 0; l < 4; l++, to += 8) {
            IqGrids.signed8(grid[in.get(q + l) & 255], IqGrids.signs(word >>> 7 * l), dl, out, to);
          }
        }
      }
    }
  }

  /**
   * IQ2_XS: half {@code d}, 32 words of 16 bits (9 bits index, 7 bits signs), 8 bytes with the two
   * scales of each group.
   */
  static final class Xs extends BlockFormat {
    Xs() {
      super(GgmlType.IQ2_XS);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      long[] grid = IqGrids.Iq2Xs.GRID;
      for (int b = 0; b < blocks; b++, at += 74) {
        float d = half(in, at);
        for (int i = 0; i < 32; i++, to += 8) {
          int word = in.getShort(at + 2 + 2 * i);
          int scale = in.get(at + 66 + (i >> 2)) >> 4 * (i >> 1 & 1) & 15;
          float dl = d * (0.5f + scale) * 0.25f;
          IqGrids.signed8(grid[word & 511], IqGrids.signs(word >>> 9), dl, out, to);
        }
      }
    }
  }

  /**
   * IQ2_S: half {@code d}, 32 bytes of lower index bits, 32 bytes of signs, 8 bytes with the upper
   * two index bits, 8 bytes with the two scales of each group.
   */
  static final class S extends BlockFormat {
    S() {
      super(GgmlType.IQ2_S);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      long[] grid = IqGrids.Iq2S.GRID;
      for (int b = 0; b < blocks; b++, at += 82) {
        float d = half(in, at);
        for (int i = 0; i < 32; i++, to += 8) {
          int high = in.get(at + 66 + (i >> 2)) >> 2 * (i & 3) & 3;
          int scale = in.get(at + 74 + (i >> 2)) >> 4 * (i >> 1 & 1) & 15;
          float dl = d * (0.5f + scale) * 0.25f;
          int index = in.get(at + 2 + i) & 255 | high << 8;
          IqGrids.signed8(grid[index], in.get(at + 34 + i), dl, out, to);
        }
      }
    }
  }
}
