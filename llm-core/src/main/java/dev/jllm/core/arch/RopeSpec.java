package dev.jllm.core.arch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rotary positions (Su et al., arXiv:2104.09864) with the extension of YaRN (Peng et al.,
 * arXiv:2309.00071). Equal specs share one table of angles.
 *
 * @param pairing which two values of a head are rotated together
 * @param dims values of a head that are rotated, even
 * @param base the base of the frequencies
 * @param scale what positions are multiplied by (1/factor of linear scaling)
 * @param ext how much of YaRN's ramp is applied, 0 for none
 * @param attention what rotated values are multiplied by
 * @param betaFast rotations above which YaRN extrapolates
 * @param betaSlow rotations below which YaRN interpolates
 * @param originalContext the context of the training before extension
 * @param sections sizes of the sections of multi-section rope in pairs, or empty
 * @param factors the name of a tensor of divisors of the frequencies, or null
 */
public record RopeSpec(
    Pairing pairing,
    int dims,
    float base,
    float scale,
    float ext,
    float attention,
    float betaFast,
    float betaSlow,
    int originalContext,
    List<Integer> sections,
    @Nullable String factors) {

  /** Which two values of a head form a pair. */
  public enum Pairing {
    /** Neighbours: 2i and 2i + 1. */
    NEIGHBOURS,
    /** Halves: i and i + dims/2. */
    HALVES,
    /** Halves, with sections of pairs for time, height, width, and extra (Qwen2-VL). */
    SECTIONS,
    /** Halves, with time, height and width interleaved (Qwen3-VL). */
    INTERLEAVED_SECTIONS
  }

  /** The same with another base and scale, as layers with a window have. */
  public RopeSpec frequencies(float newBase, float newScale) {
    return new RopeSpec(
        pairing,
        dims,
        newBase,
        newScale,
        ext,
        attention,
        betaFast,
        betaSlow,
        originalContext,
        sections,
        factors);
  }

  /** The same with another base. */
  public RopeSpec frequencies(float newBase) {
    return frequencies(newBase, scale);
  }

  /** The same without any magnitude: that of YaRN's ramp is taken back. */
  public RopeSpec unmagnified() {
    return attention(ext == 0 ? 1 : 1 / (1 + 0.1f * (float) Math.log(1 / scale)));
  }

  /** The same with another number of rotated values. */
  public RopeSpec dims(int newDims) {
    return new RopeSpec(
        pairing,
        newDims,
        base,
        scale,
        ext,
        attention,
        betaFast,
        betaSlow,
        originalContext,
        sections,
        factors);
  }

  /** The same with another tensor of divisors, or none. */
  public RopeSpec factors(@Nullable String tensor) {
    return new RopeSpec(
        pairing,
        dims,
        base,
        scale,
        ext,
        attention,
        betaFast,
        betaSlow,
        originalContext,
        sections,
        tensor);
  }

  /** The same without any scaling. */
  public RopeSpec unscaled() {
    return plain().frequencies(base, 1);
  }

  /** The same without YaRN's ramp and magnitude. */
  public RopeSpec plain() {
    return new RopeSpec(
        pairing, dims, base, scale, 0, 1, betaFast, betaSlow, originalContext, sections, factors);
  }

  /** The same with another factor of the rotated values. */
  public RopeSpec attention(float factor) {
    return new RopeSpec(
        pairing,
        dims,
        base,
        scale,
        ext,
        factor,
        betaFast,
        betaSlow,
        originalContext,
        sections,
        factors);
  }

  /** The same with sections, in pairs. */
  public RopeSpec sections(List<Integer> sizes) {
    return new RopeSpec(
        pairing,
        dims,
        base,
        scale,
        ext,
        attention,
        betaFast,
        betaSlow,
        originalContext,
        sizes,
        factors);
  }
}
