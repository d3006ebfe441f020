package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.S;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The inner loops of matrix × matrix in 16-bit lanes: two neighbouring weights of a row are the
 * halves of a lane, two neighbouring inputs are broadcast as an int. 2L rows × 6 inputs a tile.
 *
 * <p>Two methods that differ in a number: the compiler makes the loop a tenth faster, where blocks
 * are short a sixth, when it knows how often it runs. {@link PairSums} goes on with what they
 * leave; all in one method would exceed the compiler's budget for inlining, and every vector would
 * become an object.
 */
final class PairTile {
  /** Inputs of a tile. */
  static final int TILE = 6;

  /** Vectors of a tile's sums. */
  static final int VECTORS = 2 * TILE;

  private PairTile() {}

  /**
   * Sums of 32 columns at a time, as two halves of an int each: {@code o[block][token][2L] = Σ_p
   * w[block][p][2L]·a[block][p][token]}. What a half sums must fit 16 bits.
   *
   * @param w pairs of weights {@code [pair][2L]}
   * @param a pairs of inputs {@code [pair][6]}
   */
  static void thirtyTwos(short[] w, int[] a, int ao, int blocks, int[] o) {
    for (int j = 0; j < blocks; j++) {
      int wo = j * 16 * 4 * L;
      int from = ao + j * 16 * TILE;
      ShortVector w0 = ShortVector.fromArray(S, w, wo);
      ShortVector w1 = ShortVector.fromArray(S, w, wo + 2 * L);
      ShortVector b = IntVector.broadcast(I, a[from]).reinterpretAsShorts();
      ShortVector c00 = w0.mul(b);
      ShortVector c01 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 1]).reinterpretAsShorts();
      ShortVector c10 = w0.mul(b);
      ShortVector c11 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 2]).reinterpretAsShorts();
      ShortVector c20 = w0.mul(b);
      ShortVector c21 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 3]).reinterpretAsShorts();
      ShortVector c30 = w0.mul(b);
      ShortVector c31 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 4]).reinterpretAsShorts();
      ShortVector c40 = w0.mul(b);
      ShortVector c41 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 5]).reinterpretAsShorts();
      ShortVector c50 = w0.mul(b);
      ShortVector c51 = w1.mul(b);
      for (int p = 1; p < 16; p++) {
        w0 = ShortVector.fromArray(S, w, wo + p * 4 * L);
        w1 = ShortVector.fromArray(S, w, wo + p * 4 * L + 2 * L);
        b = IntVector.broadcast(I, a[from + p * TILE]).reinterpretAsShorts();
        c00 = w0.mul(b).add(c00);
        c01 = w1.mul(b).add(c01);
        b = IntVector.broadcast(I, a[from + p * TILE + 1]).reinterpretAsShorts();
        c10 = w0.mul(b).add(c10);
        c11 = w1.mul(b).add(c11);
        b = IntVector.broadcast(I, a[from + p * TILE + 2]).reinterpretAsShorts();
        c20 = w0.mul(b).add(c20);
        c21 = w1.mul(b).add(c21);
        b = IntVector.broadcast(I, a[from + p * TILE + 3]).reinterpretAsShorts();
        c30 = w0.mul(b).add(c30);
        c31 = w1.mul(b).add(c31);
        b = IntVector.broadcast(I, a[from + p * TILE + 4]).reinterpretAsShorts();
        c40 = w0.mul(b).add(c40);
        c41 = w1.mul(b).add(c41);
        b = IntVector.broadcast(I, a[from + p * TILE + 5]).reinterpretAsShorts();
        c50 = w0.mul(b).add(c50);
        c51 = w1.mul(b).add(c51);
      }
      int to = j * VECTORS * L;
      c00.reinterpretAsInts().intoArray(o, to);
      c01.reinterpretAsInts().intoArray(o, to + 1 * L);
      c10.reinterpretAsInts().intoArray(o, to + 2 * L);
      c11.reinterpretAsInts().intoArray(o, to + 3 * L);
      c20.reinterpretAsInts().intoArray(o, to + 4 * L);
      c21.reinterpretAsInts().intoArray(o, to + 5 * L);
      c30.reinterpretAsInts().intoArray(o, to + 6 * L);
      c31.reinterpretAsInts().intoArray(o, to + 7 * L);
      c40.reinterpretAsInts().intoArray(o, to + 8 * L);
      c41.reinterpretAsInts().intoArray(o, to + 9 * L);
      c50.reinterpretAsInts().intoArray(o, to + 10 * L);
      c51.reinterpretAsInts().intoArray(o, to + 11 * L);
    }
  }

  /** As {@link #thirtyTwos}, of 16 columns at a time. */
  static void sixteens(short[] w, int[] a, int ao, int blocks, int[] o) {
    for (int j = 0; j < blocks; j++) {
      int wo = j * 8 * 4 * L;
      int from = ao + j * 8 * TILE;
      ShortVector w0 = ShortVector.fromArray(S, w, wo);
      ShortVector w1 = ShortVector.fromArray(S, w, wo + 2 * L);
      ShortVector b = IntVector.broadcast(I, a[from]).reinterpretAsShorts();
      ShortVector c00 = w0.mul(b);
      ShortVector c01 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 1]).reinterpretAsShorts();
      ShortVector c10 = w0.mul(b);
      ShortVector c11 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 2]).reinterpretAsShorts();
      ShortVector c20 = w0.mul(b);
      ShortVector c21 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 3]).reinterpretAsShorts();
      ShortVector c30 = w0.mul(b);
      ShortVector c31 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 4]).reinterpretAsShorts();
      ShortVector c40 = w0.mul(b);
      ShortVector c41 = w1.mul(b);
      b = IntVector.broadcast(I, a[from + 5]).reinterpretAsShorts();
      ShortVector c50 = w0.mul(b);
      ShortVector c51 = w1.mul(b);
      for (int p = 1; p < 8; p++) {
        w0 = ShortVector.fromArray(S, w, wo + p * 4 * L);
        w1 = ShortVector.fromArray(S, w, wo + p * 4 * L + 2 * L);
        b = IntVector.broadcast(I, a[from + p * TILE]).reinterpretAsShorts();
        c00 = w0.mul(b).add(c00);
        c01 = w1.mul(b).add(c01);
        b = IntVector.broadcast(I, a[from + p * TILE + 1]).reinterpretAsShorts();
        c10 = w0.mul(b).add(c10);
        c11 = w1.mul(b).add(c11);
        b = IntVector.broadcast(I, a[from + p * TILE + 2]).reinterpretAsShorts();
        c20 = w0.mul(b).add(c20);
        c21 = w1.mul(b).add(c21);
        b = IntVector.broadcast(I, a[from + p * TILE + 3]).reinterpretAsShorts();
        c30 = w0.mul(b).add(c30);
        c31 = w1.mul(b).add(c31);
        b = IntVector.broadcast(I, a[from + p * TILE + 4]).reinterpretAsShorts();
        c40 = w0.mul(b).add(c40);
        c41 = w1.mul(b).add(c41);
        b = IntVector.broadcast(I, a[from + p * TILE + 5]).reinterpretAsShorts();
        c50 = w0.mul(b).add(c50);
        c51 = w1.mul(b).add(c51);
      }
      int to = j * VECTORS * L;
      c00.reinterpretAsInts().intoArray(o, to);
      c01.reinterpretAsInts().intoArray(o, to + 1 * L);
      c10.reinterpretAsInts().intoArray(o, to + 2 * L);
      c11.reinterpretAsInts().intoArray(o, to + 3 * L);
      c20.reinterpretAsInts().intoArray(o, to + 4 * L);
      c21.reinterpretAsInts().intoArray(o, to + 5 * L);
      c30.reinterpretAsInts().intoArray(o, to + 6 * L);
      c31.reinterpretAsInts().intoArray(o, to + 7 * L);
      c40.reinterpretAsInts().intoArray(o, to + 8 * L);
      c41.reinterpretAsInts().intoArray(o, to + 9 * L);
      c50.reinterpretAsInts().intoArray(o, to + 10 * L);
      c51.reinterpretAsInts().intoArray(o, to + 11 * L);
    }
  }
}
