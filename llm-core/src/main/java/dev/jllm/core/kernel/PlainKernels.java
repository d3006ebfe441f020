package dev.jllm.core.kernel;

/** Plain loops, for every JVM and for Android. */
final class PlainKernels implements Kernels {
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
    PlainFormat format = PlainFormat.of(source.type());
    if (layout != WeightLayout.AS_IS && format != null && PlainMath.CONVERTS) {
      return new PlainTiledWeights(source, new PlainTiles(source, format, forker));
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
