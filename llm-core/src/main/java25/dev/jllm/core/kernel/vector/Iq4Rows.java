package dev.jllm.core.kernel.vector;

import static dev.jllm.core.kernel.vector.Lanes.F;
import static dev.jllm.core.kernel.vector.Lanes.I;
import static dev.jllm.core.kernel.vector.Lanes.L;
import static dev.jllm.core.kernel.vector.Lanes.LE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows in IQ4_NL or IQ4_XS: 4 bits choose one of 16 levels of 8 bits. Two products of such levels
 * and inputs would fill 16 bits, so inputs stay floats. A block is 16 bytes, whose lower halves are
 * columns 0–15 and upper halves columns 16–31; IQ4_NL has a scale for each, IQ4_XS eight scales of
 * 6 bits under one.
 */
record Iq4Rows(MemorySegment w, int columns, boolean nested) implements FileRows {
  /** Up to so many columns two rows are enough. */
  private static final int TWO = 4096;

  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_128;

  private static final byte[] LEVELS = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private static final ByteVector TABLE = ByteVector.fromArray(B, LEVELS, 0);

  /** The bits of the levels as floats. */
  private static final IntVector WIDE_TABLE = wideTable();

  /** Float vectors that 16 bytes become. */
  private static final int PARTS = Math.max(1, 16 / L);

  private static IntVector wideTable() {
    int[] bits = new int[L];
    for (int i = 0; i < L; i++) {
      bits[i] = Float.floatToRawIntBits(LEVELS[i & 15]);
    }
    return IntVector.fromArray(I, bits, 0);
  }

  private long bytes(int count) {
    return nested ? count / 256 * 136L : count / 32 * 18L;
  }

  /** Where the 16 bytes of block {@code b} of a row lie. */
  private static long block(boolean nested, long row, int b) {
    return nested ? row + (b >> 3) * 136L + 8 + (b & 7) * 16L : row + b * 18L + 2;
  }

  private static float scale(MemorySegment w, boolean nested, long row, int b) {
    if (!nested) {
      return Float.float16ToFloat(w.get(Segments.SHORT, row + b * 18L));
    }
    long unit = row + (b >> 3) * 136L;
    int low = w.get(ValueLayout.JAVA_BYTE, unit + 4 + ((b & 7) >> 1)) >> 4 * (b & 1) & 15;
    int high = w.get(Segments.SHORT, unit + 2) >> 2 * (b & 7) & 3;
    return Float.float16ToFloat(w.get(Segments.SHORT, unit)) * ((low | high << 4) - 32);
  }

  @Override
  public void read(int row, int from, int count, float[] target, int offset) {
    long at = row * bytes(columns);
    for (int b = from / 32; b < (from + count) / 32; b++) {
      float d = scale(w, nested, at, b);
      ByteVector q = ByteVector.fromMemorySegment(B, w, block(nested, at, b), LE);
      int to = offset + b * 32 - from;
      store(q.and((byte) 15).selectFrom(TABLE), d, target, to);
      store(high(q).selectFrom(TABLE), d, target, to + 16);
    }
  }

  private static ByteVector high(ByteVector q) {
    return q.reinterpretAsShorts()
        .lanewise(VectorOperators.LSHR, 4)
        .reinterpretAsBytes()
        .and((byte) 15);
  }

  private static void store(ByteVector v, float d, float[] target, int to) {
    for (int p = 0; p < PARTS; p++) {
      ((FloatVector) v.convertShape(VectorOperators.B2F, F, p))
          .mul(d)
          .intoArray(target, to + p * L);
    }
  }

  @Override
  public int streams() {
    return columns <= TWO ? 2 : 4;
  }

  @Override
  public void dots(int[] rows, float[] x, int at, float[] y) {
    long bytes = bytes(columns);
    long o0 = rows[0] * bytes;
    long o1 = rows[1] * bytes;
    int blocks = columns / 32;
    if (L == 16 && streams() == 2) {
      two16(w, nested, o0, o1, x, at, blocks, y);
      Lanes.sums(y, 2);
    } else if (L == 16) {
      four16(w, nested, o0, o1, rows[2] * bytes, rows[3] * bytes, x, at, blocks, y);
      Lanes.sums(y, 4);
    } else {
      for (int i = 0; i < streams(); i++) {
        y[i] = any(w, nested, rows[i] * bytes, x, at, blocks);
      }
    }
  }

  private static void two16(
      MemorySegment w, boolean nested, long o0, long o1, float[] x, int at, int n, float[] y) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    for (int i = 0; i < n; i++) {
      FloatVector u = FloatVector.fromArray(F, x, at + i * 32);
      FloatVector v = FloatVector.fromArray(F, x, at + i * 32 + 16);
      a = dot(w, block(nested, o0, i), u, v).fma(broadcast(w, nested, o0, i), a);
      b = dot(w, block(nested, o1, i), u, v).fma(broadcast(w, nested, o1, i), b);
    }
    a.intoArray(y, 4);
    b.intoArray(y, 4 + L);
  }

  private static void four16(
      MemorySegment w,
      boolean nested,
      long o0,
      long o1,
      long o2,
      long o3,
      float[] x,
      int at,
      int n,
      float[] y) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int i = 0; i < n; i++) {
      FloatVector u = FloatVector.fromArray(F, x, at + i * 32);
      FloatVector v = FloatVector.fromArray(F, x, at + i * 32 + 16);
      a = dot(w, block(nested, o0, i), u, v).fma(broadcast(w, nested, o0, i), a);
      b = dot(w, block(nested, o1, i), u, v).fma(broadcast(w, nested, o1, i), b);
      c = dot(w, block(nested, o2, i), u, v).fma(broadcast(w, nested, o2, i), c);
      d = dot(w, block(nested, o3, i), u, v).fma(broadcast(w, nested, o3, i), d);
    }
    a.intoArray(y, 4);
    b.intoArray(y, 4 + L);
    c.intoArray(y, 4 + 2 * L);
    d.intoArray(y, 4 + 3 * L);
  }

  private static FloatVector broadcast(MemorySegment w, boolean nested, long row, int b) {
    return FloatVector.broadcast(F, scale(w, nested, row, b));
  }

  /** The products of a block's levels, looked up as floats. */
  private static FloatVector dot(MemorySegment w, long o, FloatVector u, FloatVector v) {
    IntVector q =
        (IntVector)
            ByteVector.fromMemorySegment(B, w, o, LE)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
    FloatVector low = q.and(15).selectFrom(WIDE_TABLE).reinterpretAsFloats().mul(u);
    return q.lanewise(VectorOperators.LSHR, 4)
        .selectFrom(WIDE_TABLE)
        .reinterpretAsFloats()
        .fma(v, low);
  }

  private static float any(
      MemorySegment w, boolean nested, long row, float[] x, int at, int blocks) {
    FloatVector a = FloatVector.zero(F);
    for (int i = 0; i < blocks; i++) {
      ByteVector q = ByteVector.fromMemorySegment(B, w, block(nested, row, i), LE);
      ByteVector low = q.and((byte) 15).selectFrom(TABLE);
      ByteVector high = high(q).selectFrom(TABLE);
      FloatVector s = FloatVector.zero(F);
      for (int p = 0; p < PARTS; p++) {
        int to = at + i * 32 + p * L;
        s =
            ((FloatVector) low.convertShape(VectorOperators.B2F, F, p))
                .fma(FloatVector.fromArray(F, x, to), s);
        s =
            ((FloatVector) high.convertShape(VectorOperators.B2F, F, p))
                .fma(FloatVector.fromArray(F, x, to + 16), s);
      }
      a = s.fma(broadcast(w, nested, row, i), a);
    }
    return Lanes.sum(a);
  }
}
