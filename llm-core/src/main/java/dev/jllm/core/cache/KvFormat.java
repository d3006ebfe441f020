package dev.jllm.core.cache;

/** How keys and values are kept. */
public enum KvFormat {
  /** 32-bit floats. */
  F32 {
    @Override
    KvRows rows(int heads, int dim) {
      return new F32Rows(heads, dim);
    }
  },
  /** 16-bit floats. */
  F16 {
    @Override
    KvRows rows(int heads, int dim) {
      return new F16Rows(heads, dim);
    }
  },
  /** Bytes with one scale for 32 values; heads must be multiples of 32 wide, else f16 is taken. */
  Q8_0 {
    @Override
    KvRows rows(int heads, int dim) {
      return dim % 32 == 0 ? new Q8Rows(heads, dim) : new F16Rows(heads, dim);
    }
  };

  abstract KvRows rows(int heads, int dim);
}
