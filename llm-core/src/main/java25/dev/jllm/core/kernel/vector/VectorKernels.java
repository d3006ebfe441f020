package dev.jllm.core.kernel.vector;

import dev.jllm.core.kernel.AttentionOps;
import dev.jllm.core.kernel.FloatOps;
import dev.jllm.core.kernel.Input;
import dev.jllm.core.kernel.Kernels;
import dev.jllm.core.kernel.RowReaders;
import dev.jllm.core.kernel.Scratch;
import dev.jllm.core.kernel.WeightLayout;
import dev.jllm.core.kernel.WeightSource;
import dev.jllm.core.kernel.Weights;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** The kernels of the Vector API. */
public final class VectorKernels implements Kernels {
  private final FloatOps floats = new VectorFloatOps();
  private final AttentionOps attention = new VectorAttentionOps();

  /** Made by {@link VectorBootstrap}. */
  public VectorKernels() {}

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public String description() {
    return "vectors of " + Lanes.F.vectorBitSize() + " bits";
  }

  @Override
  public Weights weights(WeightSource source, WeightLayout layout, Forker forker) {
    PairFormat pairs =
        layout == WeightLayout.AS_IS ? null : PairFormats.of(source.type(), source.columns());
    return pairs == null
        ? new FloatWeights(source, rows(source))
        : new PairWeights(source, pairs, forker);
  }

  private FileRows rows(WeightSource source) {
    ByteBuffer data = source.map();
    int columns = source.columns();
    MemorySegment w = MemorySegment.ofBuffer(data);
    return switch (source.type()) {
      case F32 -> new FullRows(w, columns);
      case F16 -> new HalfRows(w, columns);
      case BF16 -> new BrainRows(w, columns);
      case Q8_0 -> new Q8Rows(w, columns);
      default -> new AnyRows(RowReaders.of(source.type(), data, columns), columns, floats);
    };
  }

  @Override
  public int prepareParts(Input in) {
    return switch (in.form) {
      case HALVES -> HalfInput.prepareParts(in);
      case PANEL -> FloatWeights.prepareParts(in);
      case BLOCKS_32, BLOCKS_256 -> PairInput.prepareParts(in);
      default -> 0;
    };
  }

  @Override
  public void prepare(Input in, int part, Scratch scratch) {
    switch (in.form) {
      case HALVES -> HalfInput.prepare(in, part);
      case PANEL -> FloatWeights.prepare(in, part);
      case BLOCKS_32, BLOCKS_256 -> PairInput.prepare(in, part, scratch);
      default -> throw new IllegalStateException("nothing to prepare for " + in.form);
    }
  }

  @Override
  public void pause() {
    Thread.onSpinWait();
  }

  @Override
  public FloatOps floats() {
    return floats;
  }

  @Override
  public AttentionOps attention() {
    return attention;
  }
}
