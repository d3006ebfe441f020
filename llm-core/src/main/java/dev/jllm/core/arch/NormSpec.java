package dev.jllm.core.arch;

/**
 * A normalisation of vectors.
 *
 * @param kind what is computed
 * @param epsilon what is added to the mean square or the variance
 */
public record NormSpec(Kind kind, float epsilon) {
  /** What a norm computes. */
  public enum Kind {
    /** Divides by the root of the mean square (Zhang and Sennrich, arXiv:1910.07467). */
    RMS,
    /** Subtracts the mean and divides by the deviation (Ba et al., arXiv:1607.06450). */
    LAYER
  }

  /** A norm by root mean square. */
  public static NormSpec rms(float epsilon) {
    return new NormSpec(Kind.RMS, epsilon);
  }

  /** A norm by mean and deviation. */
  public static NormSpec layer(float epsilon) {
    return new NormSpec(Kind.LAYER, epsilon);
  }
}
