package dev.jllm.core.cache;

/** How keys and values are kept. */
public enum KvFormat {
  /** 32-bit floats. */
  F32 {
    @Override
    KvRows rows(int heads, int dim, boolean columns) {
      return new F32Rows(heads, dim, columns);
    }
  },
  /** 16-bit floats. */
  F16 {
    @Override
    KvRows rows(int heads, int dim, boolean columns) {
      return new F16Rows(heads, dim, columns);
    }
  },
  /** Bytes with one scale for 32 values; heads must be multiples of 32 wide, else f16 is taken. */
  Q8_0 {
    @Override
    KvRows rows(int heads, int dim, boolean columns) {
      return dim % 32 == 0 ? new Q8Rows(heads, dim, columns) : new F16Rows(heads, dim, columns);
    }
  };

  /** A page; {@code columns} for keys that are nothing else. */
  abstract KvRows rows(int heads, int dim, boolean columns);
}
