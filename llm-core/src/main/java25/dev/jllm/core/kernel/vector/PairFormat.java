package dev.jllm.core.kernel.vector;

import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.InputForm;
import dev.jllm.core.kernel.Scratch;
import java.lang.foreign.MemorySegment;

/**
 * A block format below 8 bits in its repacked layout. L rows (as many as a float vector has lanes)
 * are a group: first all their weights, from the first column to the last, so that they are read as
 * one stream from memory; then all their scales. The file's blocks of a group that stand in the
 * same columns are a unit.
 */
interface PairFormat {
  /** Columns of a unit: those of a block of the file. */
  int unit();

  /** Bytes of a group. */
  long groupBytes(int columns);

  /** The form of few input vectors, for {@link #decode}. */
  InputForm fewForm();

  /** Columns whose products are summed as integers: 16 or 32. */
  int block();

  /** Whether integer scales of the blocks stand under one scale of a unit of 256. */
  boolean nested();

  /** Whether blocks of 32 have a minimum, or something to that effect. */
  boolean minima();

  /**
   * Copies a block of the file into its group.
   *
   * @param file 16-bit words, the block's from {@code fo} on
   * @param group the group's 16-bit words, zero at first
   * @param unit the block's number in its row
   * @param lane the row's number in the group
   */
  void pack(short[] file, int fo, short[] group, int columns, int unit, int lane);

  /** The reverse of {@link #pack}: all bytes of a block. */
  void restore(MemorySegment w, long group, int columns, int unit, int lane, byte[] block);

  /**
   * Unpacks a unit for matrix × matrix.
   *
   * @param group where the group begins
   * @param pairs takes weights {@code [pair][2L pairs]} from {@code po} on: this group's are the
   *     first or second L of each
   * @param s takes scales {@code [block][2L]} and so on from column {@code so} on
   */
  void unpack(
      MemorySegment w,
      long group,
      int columns,
      int unit,
      short[] pairs,
      int po,
      PairScales s,
      int so);

  /** One group × one input vector: {@code out[0 … L − 1]}. */
  void decode(
      MemorySegment w, long group, int columns, Input in, int vector, float[] out, Scratch scratch);
}
