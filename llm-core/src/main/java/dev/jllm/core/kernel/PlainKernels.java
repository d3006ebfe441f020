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
    if (repack && format != null) {
      return PlainTiledWeights.of(source, format, forker);
    }
    return new PlainFloatWeights(
        source, RowReaders.of(source.type(), source.map(), source.columns()));
  }

  @Override
  public int prepareParts(Input in) {
    return PlainIntInput.parts(in);
  }

  @Override
  public void prepare(Input in, int part, Scratch scratch) {
    PlainIntInput.prepare(in, part);
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
