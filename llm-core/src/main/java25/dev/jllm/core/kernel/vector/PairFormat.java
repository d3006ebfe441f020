package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.L;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.Scratch;
import java.lang.foreign.MemorySegment;

/**
 * A block format below 8 bits in its repacked layout. L rows (as many as a float vector has lanes)
 * are a group; the file's blocks of a group that stand in the same columns are a unit. A unit holds
 * the 16-bit words of the blocks in their order, each word of all rows side by side: as all these
 * formats keep neighbouring columns in neighbouring bytes, a row's word fills one 32-bit lane with
 * the weights of two columns.
 */
interface PairFormat {
  /** Columns of a unit: those of a block of the file, or of several. */
  default int unit() {
    return nested() ? 256 : 32;
  }

  /** 16-bit words of a unit for each row. */
  int words();

  /** Columns whose products are summed as integers: 16 or 32. */
  default int block() {
    return 32;
  }

  /** Whether integer scales of the blocks stand under one scale of a unit of 256. */
  default boolean nested() {
    return false;
  }

  /** Whether blocks have a minimum, or something to that effect. */
  default boolean minima() {
    return false;
  }

  /** Columns of a block that has a minimum: 32, or 16 where the format is nested. */
  default int minimaBlock() {
    return 32;
  }

  /**
   * Whether two products fill 16 bits, so that matrix × matrix takes floats. Blocks have scales of
   * their own then, and no minima.
   */
  default boolean wide() {
    return false;
  }

  /** Whether the products of a block of 32 columns fit 16 bits together, not only each half. */
  default boolean narrow() {
    return false;
  }

  /** Copies a block of the file into its unit: word {@code i} to {@code unit[uo + i · L]}. */
  default void pack(short[] file, int fo, short[] unit, int uo) {
    for (int i = 0; i < words(); i++) {
      unit[uo + i * L] = file[fo + i];
    }
  }

  /** The reverse of {@link #pack}. */
  default void restore(MemorySegment w, long at, byte[] file) {
    for (int i = 0; i < words(); i++) {
      int v = w.get(Segments.SHORT, at + 2L * L * i);
      file[2 * i] = (byte) v;
      file[2 * i + 1] = (byte) (v >> 8);
    }
  }

  /**
   * Unpacks a unit for matrix × matrix.
   *
   * @param pairs takes weights {@code [pair][2L pairs]} from {@code po} on: this group's are the
   *     first or second L of each
   * @param s takes scales {@code [block][2L]} and so on from column {@code so} on
   */
  void unpack(MemorySegment w, long at, short[] pairs, int po, PairScales s, int so);

  /** One group × one input vector: {@code out[0 … L − 1]}. */
  void decode(
      MemorySegment w, long at, int columns, Input in, int vector, float[] out, Scratch scratch);
}
