package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** About three bits a value: as {@link Iq2Formats}, with four magnitudes a codebook entry. */
final class Iq3Formats {
  private Iq3Formats() {}

  /**
   * IQ3_XXS: half {@code d}, 64 indices of 8 bits, then per group of 32 values the word of signs
   * and scale of IQ2_XXS; the scale counts as {@code d (0.5 + s) / 2}.
   */
  static final class Xxs extends BlockFormat {
    Xxs() {
      super(GgmlType.IQ3_XXS);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      int[] grid = IqGrids.Iq3Xxs.GRID;
      for (int b = 0; b < blocks; b++, at += 98) {
        float d = half(in, at);
        for (int group = 0; group < 8; group++) {
          int word = in.getInt(at + 66 + 4 * group);
          float dl = d * (0.5f + (word >>> 28)) * 0.5f;
          int q = at + 2 + 8 * group;
          for (int l = 0; l < 4; l++, to += 8) {
            int signs = IqGrids.signs(word >>> 7 * l);
            IqGrids.signed4(grid[in.get(q + 2 * l) & 255], signs, dl, out, to);
            IqGrids.signed4(grid[in.get(q + 2 * l + 1) & 255], signs >> 4, dl, out, to + 4);
          }
        }
      }
    }
  }

  /**
   * IQ3_S: half {@code d}, 64 bytes of lower index bits, 8 bytes with the ninth, 32 bytes of signs,
   * 4 bytes with two 4-bit scales each; the scale counts as {@code d (1 + 2 s)}.
   */
  static final class S extends BlockFormat {
    S() {
      super(GgmlType.IQ3_S);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      int[] grid = IqGrids.Iq3S.GRID;
      for (int b = 0; b < blocks; b++, at += 110) {
        float d = half(in, at);
        for (int i = 0; i < 64; i++, to += 4) {
          int group = i >> 3;
          int scale = in.get(at + 106 + (group >> 1)) >> 4 * (group & 1) & 15;
          float dl = d * (1 + 2 * scale);
          int high = in.get(at + 66 + group) >> (i & 7) & 1;
          int signs = in.get(at + 74 + (i >> 1)) >> 4 * (i & 1);
          IqGrids.signed4(grid[in.get(at + 2 + i) & 255 | high << 8], signs, dl, out, to);
        }
      }
    }
  }
}
