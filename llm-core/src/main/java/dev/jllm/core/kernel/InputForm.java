package dev.jllm.core.kernel;

/** The forms in which kernels want their input vectors. */
public enum InputForm {
  /** The floats as they are. */
  ROWS,
  /**
   * Floats, of each two vectors' width first those with even, then those with odd indices: weights
   * of 16 bits are the lower and the upper halves of 32-bit lanes.
   */
  HALVES,
  /** Floats, a tile of vectors interleaved: {@code [tile][column][vector of the tile]}. */
  PANEL,
  /** 8-bit integers with one scale per 32 values, as the formats of 32 values a block want them. */
  BLOCKS_32,
  /** 8-bit integers with one scale per 256 values, as the K formats want them. */
  BLOCKS_256,
  /** What {@code PlainIntInput} makes for numbers of 4 bits with scales per 32 values. */
  NIBBLES_32,
  /** The same with scales per 256 values. */
  NIBBLES_256,
  /** What {@code PlainIntInput} makes for numbers of 8 bits with scales per 32 values. */
  BYTES_32,
  /** The same with scales per 256 values. */
  BYTES_256
}
