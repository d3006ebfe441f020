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
    if (layout != WeightLayout.AS_IS && blocks != null && PlainLoops.CONVERTS) {
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
    return 0;
  }

  @Override
  public void prepare(Input in, int part, Scratch scratch) {}

  @Override
  public FloatOps floats() {
    return floats;
  }

  @Override
  public AttentionOps attention() {
    return attention;
  }
}
