package dev.jllm.core.kernel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plain loops, for every JVM and for Android. */
final class PlainKernels implements Kernels {
  private static final Logger LOG = LoggerFactory.getLogger(PlainKernels.class);

  private final FloatOps floats = new PlainFloatOps();
  private final AttentionOps attention = new PlainAttentionOps();

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public String description() {
    return "plain loops";
  }

  @Override
  public Weights weights(WeightSource source, WeightLayout layout, Forker forker) {
    PlainBlocks blocks = PlainBlocks.of(source.type());
    if (layout != WeightLayout.AS_IS && blocks != null) {
      try {
        return new PlainTiledWeights(source, new PlainTiles(source, blocks, forker));
      } catch (OutOfMemoryError e) {
        LOG.warn(
            "{} weights stay in the file's layout, which is slower: no memory to repack them ({});"
                + " a larger -XX:MaxDirectMemorySize helps",
            source.type(),
            e.getMessage());
      }
    }
    return new PlainFloatWeights(
        source, RowReaders.of(source.type(), source.map(), source.columns()));
  }

  @Override
  public int prepareParts(Input in) {
    if (in.form != InputForm.BLOCKS_32) {
      return 0;
    }
    int values = in.count * in.columns;
    in.reserve(values / 32, values, 0, values / 16);
    return in.count;
  }

  /** Rounds vector {@code part} to 8 bits, with one scale per 32 values and sums of 16. */
  @Override
  public void prepare(Input in, int part, Scratch scratch) {
    int from = in.at + part * in.stride;
    int to = part * in.columns;
    for (int k = 0; k < in.columns; k += 32) {
      float max = 0;
      for (int i = 0; i < 32; i++) {
        max = Math.max(max, Math.abs(in.x[from + k + i]));
      }
      float inverse = max == 0 ? 0 : 127 / max;
      in.floats[(to + k) / 32] = max / 127;
      for (int half = 0; half < 32; half += 16) {
        int sum = 0;
        for (int i = half; i < half + 16; i++) {
          float v = in.x[from + k + i] * inverse;
          int q = (int) (v + (v < 0 ? -0.5f : 0.5f));
          in.ints[to + k + i] = q;
          sum += q;
        }
        in.starts[(to + k + half) / 16] = sum;
      }
    }
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
