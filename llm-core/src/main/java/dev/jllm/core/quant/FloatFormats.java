package dev.jllm.core.quant;

import dev.jllm.gguf.GgmlType;
import java.nio.ByteBuffer;

/** Floating-point numbers one by one: blocks of one value. */
final class FloatFormats {
  private FloatFormats() {}

  /** IEEE 754 binary32. */
  static final class F32 extends BlockFormat {
    F32() {
      super(GgmlType.F32);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int i = 0; i < blocks; i++) {
        out[to + i] = in.getFloat(at + 4 * i);
      }
    }

    @Override
    public boolean quantizes() {
      return true;
    }

    @Override
    void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
      for (int i = 0; i < blocks; i++) {
        out.putFloat(at + 4 * i, in[from + i]);
      }
    }
  }

  /** IEEE 754 binary16. */
  static final class F16 extends BlockFormat {
    F16() {
      super(GgmlType.F16);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int i = 0; i < blocks; i++) {
        out[to + i] = HalfFloat.toFloat(in.getShort(at + 2 * i));
      }
    }

    @Override
    public boolean quantizes() {
      return true;
    }

    @Override
    void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
      for (int i = 0; i < blocks; i++) {
        out.putShort(at + 2 * i, HalfFloat.fromFloat(in[from + i]));
      }
    }
  }

  /** bfloat16: the upper half of a binary32. */
  static final class Bf16 extends BlockFormat {
    Bf16() {
      super(GgmlType.BF16);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int i = 0; i < blocks; i++) {
        out[to + i] = HalfFloat.bfloatToFloat(in.getShort(at + 2 * i));
      }
    }

    @Override
    public boolean quantizes() {
      return true;
    }

    @Override
    void encode(float[] in, int from, ByteBuffer out, int at, int blocks) {
      for (int i = 0; i < blocks; i++) {
        out.putShort(at + 2 * i, HalfFloat.bfloatFromFloat(in[from + i]));
      }
    }
  }

  /** IEEE 754 binary64, rounded to float when read. */
  static final class F64 extends BlockFormat {
    F64() {
      super(GgmlType.F64);
    }

    @Override
    void decode(ByteBuffer in, int at, float[] out, int to, int blocks) {
      for (int i = 0; i < blocks; i++) {
        out[to + i] = (float) in.getDouble(at + 8 * i);
      }
    }
  }
}
