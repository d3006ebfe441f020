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
    // Android has no memory to spare and counts memory outside the heap as part of it.
    boolean repack =
        layout == WeightLayout.REPACK || layout == WeightLayout.AUTO && PlainMath.HOTSPOT;
    if (repack && format != null && PlainMath.CONVERTS) {
      return new PlainTiledWeights(source, new PlainTiles(source, format, forker));
    }
    PlainFloatWeights fromFile =
        new PlainFloatWeights(source, RowReaders.of(source.type(), source.map(), source.columns()));
    return repack && format != null
        ? new PlainPlaneWeights(source, fromFile, new PlainPlanes(source, format, forker))
        : fromFile;
  }

  @Override
  public int prepareParts(Input in) {
    if (in.form != InputForm.BLOCKS_32) {
      return 0;
    }
    int n = in.count * in.columns;
    in.reserve(n / PlainPlanes.BLOCK, n, n / 16, n / 16);
    return in.count;
  }

  @Override
  public void prepare(Input in, int part, Scratch scratch) {
    PlainPlaneWeights.prepare(in, part);
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
