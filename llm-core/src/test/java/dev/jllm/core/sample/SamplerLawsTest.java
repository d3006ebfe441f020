package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for every sampler, whatever the logits. */
class SamplerLawsTest {
  private static final TokenTexts TEXTS =
      new ScriptedTexts(
          List.of("a", "b", "c", "ab", "abc", " ", "the", "e", "the end", "bc", ".", "</s>"), 11);

  /** Up to 300 logits of many kinds, numbers and others. */
  @Provide
  Arbitrary<float[]> logits() {
    Arbitrary<Float> usual = Arbitraries.floats().between(-12, 12);
    Arbitrary<Float> ties = Arbitraries.integers().between(-3, 3).map(Integer::floatValue);
    Arbitrary<Float> odd =
        Arbitraries.of(
            Float.NaN,
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_VALUE,
            -0f,
            1e30f);
    Arbitrary<Float> mixed = Arbitraries.oneOf(usual, usual, usual, usual, odd);
    return Arbitraries.oneOf(
        usual.array(float[].class).ofMinSize(1).ofMaxSize(300),
        ties.array(float[].class).ofMinSize(1).ofMaxSize(60),
        mixed.array(float[].class).ofMinSize(1).ofMaxSize(60),
        odd.array(float[].class).ofMinSize(1).ofMaxSize(8));
  }

  /** Samplers of every kind that do not choose. */
  @Provide
  Arbitrary<Sampler> narrowing() {
    Arbitrary<Float> unit = Arbitraries.floats().between(0, 1);
    Arbitrary<Float> factor = Arbitraries.floats().between(0.5f, 2);
    Arbitrary<Float> shift = Arbitraries.floats().between(-3, 3);
    Arbitrary<Integer> keep = Arbitraries.integers().between(0, 10);
    Arbitrary<Long> seed = Arbitraries.longs();
    Arbitrary<Integer> lastN = Arbitraries.integers().between(0, 50);
    List<Arbitrary<? extends Sampler>> all = new ArrayList<>();
    all.add(Arbitraries.floats().between(-1, 3).map(Temperature::new));
    all.add(Combinators.combine(unit.map(x -> 2 * x), unit, factor).as(DynamicTemperature::new));
    all.add(Arbitraries.integers().between(-1, 320).map(TopK::new));
    all.add(Combinators.combine(unit, keep).as(TopP::new));
    all.add(Combinators.combine(unit, keep).as(MinP::new));
    all.add(Combinators.combine(unit, keep).as(Typical::new));
    all.add(Arbitraries.floats().between(-1, 4).map(TopNSigma::new));
    all.add(
        Combinators.combine(unit, unit, keep, seed)
            .as((p, t, k, s) -> new Xtc(p, t / 2, k, new SplitRandom(s))));
    all.add(Combinators.combine(lastN, factor, shift, shift).as(Penalties::new));
    all.add(
        Combinators.combine(factor, factor.map(x -> x + 0.5f), keep, lastN)
            .as((m, b, k, n) -> new Dry(m, b, k, n, new SequenceBreakers(List.of(new int[] {3})))));
    all.add(
        Arbitraries.maps(
                Arbitraries.integers().between(0, 70),
                Arbitraries.oneOf(shift, Arbitraries.just(Float.NEGATIVE_INFINITY)))
            .ofMaxSize(5)
            .map(LogitBias::new));
    all.add(Arbitraries.integers().between(0, 4).map(NoRepeatNgram::new));
    all.add(
        Arbitraries.integers()
            .between(0, 20)
            .array(int[].class)
            .ofMaxSize(3)
            .map(s -> new BannedSequences(List.of(s))));
    all.add(
        Arbitraries.strings()
            .withChars("abc the")
            .ofMaxLength(3)
            .map(s -> new BannedTexts(List.of(s), TEXTS)));
    return Arbitraries.integers()
        .between(0, all.size() - 1)
        .flatMap(i -> all.get(i).map(s -> (Sampler) s));
  }

  @Provide
  Arbitrary<Sampler> choosing() {
    Arbitrary<SplitRandom> random = Arbitraries.longs().map(SplitRandom::new);
    Arbitrary<Float> tau = Arbitraries.floats().between(0.1f, 8);
    return Arbitraries.oneOf(
        Arbitraries.just(new Greedy()),
        random.map(Dist::new),
        Combinators.combine(tau, random).as((t, r) -> new Mirostat(300, t, 0.1f, 100, r)),
        Combinators.combine(tau, random).as((t, r) -> new MirostatV2(t, 0.1f, r)),
        Combinators.combine(tau, random).as((t, r) -> new AdaptiveP(t / 8, 0.9f, r)));
  }

  /** Some narrowing samplers in any order, and one that chooses. */
  @Provide
  Arbitrary<SamplerChain> chains() {
    return Combinators.combine(narrowing().list().ofMaxSize(5), choosing())
        .as(
            (list, last) -> {
              List<Sampler> chain = new ArrayList<>(list);
              chain.add(last);
              return new SamplerChain(chain);
            });
  }

  @Property(tries = 400)
  void leavesAProbabilityDistributionOverSomeOfTheTokens(
      @ForAll("logits") float[] logits,
      @ForAll("chains") SamplerChain chain,
      @ForAll @IntRange(max = 30) int steps) {
    float[] before = logits.clone();
    Candidates candidates = new Candidates();
    for (int step = 0; step <= steps; step++) {
      int chosen = chain.choose(candidates.load(logits));
      chain.accept(chosen);
      assertTrue(candidates.size() >= 1);
      Set<Integer> ids = new HashSet<>();
      double sum = 0;
      candidates.softmax();
      for (int i = 0; i < candidates.size(); i++) {
        assertTrue(candidates.id(i) >= 0 && candidates.id(i) < logits.length);
        assertTrue(ids.add(candidates.id(i)), "a token twice");
        assertFalse(Float.isNaN(candidates.logit(i)) && !candidates.whole());
        float p = candidates.probability(i);
        assertTrue(p >= 0 && p <= 1.00001f);
        sum += p;
        if (candidates.sorted() && i > 0) {
          assertTrue(candidates.logit(i - 1) >= candidates.logit(i));
        }
      }
      assertEquals(1, sum, 1e-4);
      assertTrue(ids.contains(chosen));
      assertArrayEquals(before, logits);
    }
  }

  @Property(tries = 300)
  void neverChoosesTheImpossibleWhereSomethingIsPossible(
      @ForAll("logits") float[] logits, @ForAll("chains") SamplerChain chain) {
    Candidates candidates = new Candidates().load(logits);
    chain.choose(candidates);
    if (candidates.maxLogit() > Float.NEGATIVE_INFINITY) {
      assertTrue(candidates.logit(candidates.selected()) > Float.NEGATIVE_INFINITY);
    }
  }

  @Property(tries = 200)
  void sameSeedSameTokens(
      @ForAll("logits") float[] logits, @ForAll("chains") SamplerChain chain, @ForAll long seed) {
    chain.reseed(new SplitRandom(seed));
    List<Integer> first = run(chain, logits, 20);
    chain.reset();
    assertEquals(first, run(chain, logits, 20), "after a reset");
    SamplerChain other = chain.copy();
    other.reseed(new SplitRandom(seed));
    other.reset();
    assertEquals(first, run(other, logits, 20), "after a reseed");
  }

  @Property(tries = 200)
  void aCopyContinuesIdenticallyAndOnItsOwn(
      @ForAll("logits") float[] logits,
      @ForAll("chains") SamplerChain chain,
      @ForAll @IntRange(max = 15) int steps) {
    run(chain, logits, steps);
    SamplerChain copy = chain.copy();
    SamplerChain third = chain.copy();
    List<Integer> continued = run(chain, logits, 15);
    assertEquals(continued, run(copy, logits, 15));
    assertEquals(continued, run(third, logits, 15));
  }

  private static List<Integer> run(SamplerChain chain, float[] logits, int steps) {
    Candidates candidates = new Candidates();
    List<Integer> tokens = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      int token = chain.choose(candidates.load(logits));
      chain.accept(token);
      tokens.add(token);
    }
    return tokens;
  }

  @Property(tries = 200)
  void aRowInTheMiddleOfAnArrayIsARow(
      @ForAll("logits") float[] logits, @ForAll("chains") SamplerChain chain) {
    float[] rows = new float[logits.length + 10];
    Arrays.fill(rows, 99);
    System.arraycopy(logits, 0, rows, 7, logits.length);
    SamplerChain copy = chain.copy();
    Candidates whole = new Candidates().load(logits);
    Candidates row = new Candidates().load(rows, 7, logits.length);
    assertEquals(chain.choose(whole), copy.choose(row));
    assertEquals(whole.size(), row.size());
  }

  @Property(tries = 200)
  void usedCandidatesAreAsGoodAsNew(
      @ForAll("logits") float[] first,
      @ForAll("logits") float[] second,
      @ForAll("chains") SamplerChain chain) {
    Candidates used = new Candidates();
    chain.choose(used.load(first));
    SamplerChain copy = chain.copy();
    assertEquals(copy.choose(new Candidates().load(second)), chain.choose(used.load(second)));
  }

  @Property(tries = 200)
  void theOrderOfTopKAndMinPDoesNotMatter(
      @ForAll("logits") float[] logits,
      @ForAll @IntRange(min = 1, max = 60) int k,
      @ForAll @IntRange(max = 100) int percent) {
    TopK topK = new TopK(k);
    MinP minP = new MinP(percent / 100f, 0);
    assertEquals(left(logits, topK, minP), left(logits, minP, topK));
  }

  @Property(tries = 200)
  void theOrderOfDistinctBiasesDoesNotMatter(@ForAll("logits") float[] logits) {
    LogitBias a = new LogitBias(Map.of(0, 1.5f, 2, Float.NEGATIVE_INFINITY));
    LogitBias b = new LogitBias(Map.of(1, -2f, 5, 0.25f));
    TopK k = new TopK(7);
    assertEquals(left(logits, a, b, k), left(logits, b, a, k));
  }

  @Property(tries = 200)
  void narrowingTwiceIsNarrowingOnce(
      @ForAll("logits") float[] logits, @ForAll @IntRange(min = 1, max = 60) int k) {
    assertEquals(left(logits, new TopK(k)), left(logits, new TopK(k), new TopK(k)));
    MinP minP = new MinP(k / 60f, 0);
    assertEquals(left(logits, minP), left(logits, minP, minP));
  }

  private static Set<Integer> left(float[] logits, Sampler... samplers) {
    Candidates candidates = new Candidates().load(logits);
    for (Sampler s : samplers) {
      s.apply(candidates);
    }
    Set<Integer> ids = new TreeSet<>();
    for (int i = 0; i < candidates.size(); i++) {
      ids.add(candidates.id(i));
    }
    return ids;
  }
}
