package dev.jllm.core.kernel;

/** A set of implementations of the arithmetic; {@link KernelsLookup} chooses one. */
public interface Kernels {
  /** {@code plain} or {@code vector}. */
  String name();

  /** One line for logs and diagnostics: name and vector width. */
  String description();

  /**
   * The weights of {@code source} with the kernel that suits their format.
   *
   * @param forker runs the independent parts of a repacking, possibly in parallel
   */
  Weights weights(WeightSource source, WeightLayout layout, Forker forker);

  /** Parts into which the preparation of {@code in} is divided; makes room in {@code in}. */
  int prepareParts(Input in);

  /** Does a part of the preparation of {@code in}, which may read neighbouring vectors. */
  void prepare(Input in, int part, Scratch scratch);

  /** Element-wise operations, dot products and the like on float arrays. */
  FloatOps floats();

  /** The loops of attention. */
  AttentionOps attention();

  /** The processor's hint that this thread waits in a loop, where there is one. */
  default void pause() {}

  /** Runs numbered parts. */
  @FunctionalInterface
  interface Forker {
    /**
     * Runs {@code part.accept(i)} for {@code 0 ≤ i < parts}, in any order, possibly in parallel.
     */
    void run(int parts, java.util.function.IntConsumer part);
  }
}
