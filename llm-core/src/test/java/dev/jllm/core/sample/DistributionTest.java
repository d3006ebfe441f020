package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.Sampling;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** 100,000 draws of every sampler with randomness fit the probabilities that it states. */
class DistributionTest {
  private static final int DRAWS = 100_000;

  private static final float[] LOGITS = {
    2.1f, -0.3f, 1.4f, 0.2f, Float.NEGATIVE_INFINITY, 3.3f, -2.2f, 0.9f, 1.9f, -5.5f, 0f, 2.6f
  };

  private final Candidates candidates = new Candidates();

  /** Each draw is the first one of a sequence, with random numbers of its own. */
  private int[] draw(Sampler sampler) {
    int[] counts = new int[LOGITS.length];
    SplitRandom random = new SplitRandom(20);
    for (int i = 0; i < DRAWS; i++) {
      sampler.reseed(random.split(i));
      sampler.reset();
      sampler.apply(candidates.load(LOGITS));
      counts[candidates.selectedId()]++;
    }
    return counts;
  }

  /** The probabilities of the tokens that {@code sampler} leaves. */
  private double[] stated(Sampler sampler) {
    sampler.apply(candidates.load(LOGITS));
    double[] p = new double[LOGITS.length];
    double max = candidates.maxLogit();
    double sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      sum += p[candidates.id(i)] = Math.exp(candidates.logit(i) - max);
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  private static SplitRandom random() {
    return new SplitRandom(1);
  }

  private void fits(Supplier<Sampler> sampler) {
    double[] p = stated(sampler.get());
    assertTrue(ChiSquare.fits(draw(sampler.get()), p));
  }

  @Test
  void dist() {
    fits(() -> new Dist(random()));
  }

  @Test
  void distInOneLongStream() {
    Sampler dist = new Dist(new SplitRandom(77));
    int[] counts = new int[LOGITS.length];
    for (int i = 0; i < DRAWS; i++) {
      dist.apply(candidates.load(LOGITS));
      counts[candidates.selectedId()]++;
    }
    assertTrue(ChiSquare.fits(counts, stated(new Dist(random()))));
  }

  @Test
  void mirostat() {
    fits(() -> new Mirostat(LOGITS.length, 1.2f, 0.1f, 10, random()));
  }

  @Test
  void mirostatV2() {
    fits(() -> new MirostatV2(1.3f, 0.1f, random()));
  }

  @Test
  void adaptiveP() {
    fits(() -> new AdaptiveP(0.2f, 0.9f, random()));
  }

  @Test
  void adaptivePSwitchedOff() {
    fits(() -> new AdaptiveP(-1, 0.9f, random()));
  }

  @Test
  void xtcActsAsOftenAsItShould() {
    float often = 0.3f;
    double[] without = stated(new TopK(0));
    double[] with = stated(new Xtc(1, 0.1f, 0, random()));
    double[] mixed = new double[with.length];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = often * with[i] + (1 - often) * without[i];
    }
    SamplerChain chain = new SamplerChain(new Xtc(often, 0.1f, 0, random()), new Dist(random()));
    assertTrue(ChiSquare.fits(draw(chain), mixed));
  }

  @Test
  void defaultChain() {
    Samplers samplers = new Samplers(Sampling.defaults(), LOGITS.length, 64, null);
    fits(() -> samplers.chain(random()));
  }

  @Test
  void theTestRejectsWhatDoesNotFit() {
    double[] p = stated(new Dist(random()));
    double[] other = stated(new Temperature(1.05f));
    assertTrue(ChiSquare.fits(draw(new Dist(random())), p));
    assertTrue(!ChiSquare.fits(draw(new Dist(random())), other));
  }
}
