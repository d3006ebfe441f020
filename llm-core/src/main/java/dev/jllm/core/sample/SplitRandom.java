package dev.jllm.core.sample;

import java.security.SecureRandom;

/**
 * A seedable, splittable generator of pseudo-random numbers: xoshiro256** [1], its state filled by
 * SplitMix64 [2] as its authors advise. Integer arithmetic alone, so that a seed gives the same
 * numbers on every platform and in every version; each sequence of tokens owns its generator, so
 * the number of threads does not matter either. Not for cryptography. Not thread-safe.
 *
 * <p>[1] D. Blackman, S. Vigna: Scrambled Linear Pseudorandom Number Generators. ACM TOMS 47(4),
 * 2021. [2] G. L. Steele, D. Lea, C. H. Flood: Fast Splittable Pseudorandom Number Generators.
 * OOPSLA 2014.
 */
public final class SplitRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long s0;
  private long s1;
  private long s2;
  private long s3;

  /** Every seed is good, zero too. */
  public SplitRandom(long seed) {
    fill(seed);
  }

  private SplitRandom(SplitRandom other) {
    s0 = other.s0;
    s1 = other.s1;
    s2 = other.s2;
    s3 = other.s3;
  }

  private void fill(long seed) {
    s0 = mix(seed + GOLDEN_GAMMA);
    s1 = mix(seed + 2 * GOLDEN_GAMMA);
    s2 = mix(seed + 3 * GOLDEN_GAMMA);
    s3 = mix(seed + 4 * GOLDEN_GAMMA);
  }

  /** The generator of this state, which must not be all zero. For known answers. */
  static SplitRandom ofState(long s0, long s1, long s2, long s3) {
    SplitRandom r = new SplitRandom(0);
    r.s0 = s0;
    r.s1 = s1;
    r.s2 = s2;
    r.s3 = s3;
    return r;
  }

  /** A seed that nobody can foresee, for callers who gave none. */
  public static long unpredictableSeed() {
    return new SecureRandom().nextLong();
  }

  /** A generator that continues exactly as this one. */
  public SplitRandom copy() {
    return new SplitRandom(this);
  }

  /** Takes over the state of {@code other}. */
  public void set(SplitRandom other) {
    s0 = other.s0;
    s1 = other.s1;
    s2 = other.s2;
    s3 = other.s3;
  }

  /**
   * The child generator of number {@code key}: the same state and key give the same child, other
   * keys give streams that are independent for all practical purposes. Leaves this generator as it
   * is.
   */
  public SplitRandom split(long key) {
    long h = mix(s0 + GOLDEN_GAMMA);
    h = mix((h ^ s1) + GOLDEN_GAMMA);
    h = mix((h ^ s2) + GOLDEN_GAMMA);
    h = mix((h ^ s3) + GOLDEN_GAMMA);
    return new SplitRandom(mix((h ^ key) + GOLDEN_GAMMA));
  }

  /** 64 random bits. */
  public long nextLong() {
    long result = Long.rotateLeft(s1 * 5, 7) * 9;
    long t = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = Long.rotateLeft(s3, 45);
    return result;
  }

  /** Uniform in [0, 1), a multiple of 2<sup>-53</sup>. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Uniform in [0, 1), a multiple of 2<sup>-24</sup>. */
  public float nextFloat() {
    return (nextLong() >>> 40) * 0x1.0p-24f;
  }

  /** The finaliser of SplitMix64: a bijection in which every input bit moves half of the output. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
