package dev.jllm.core.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Penalties, DRY and n-gram bans against the plain reading of their definitions. */
class RepetitionTest {
  private static final int VOCABULARY = 90;

  @Provide
  Arbitrary<List<Integer>> histories() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, 2).list().ofMaxSize(60),
        Arbitraries.integers().between(0, 80).list().ofMaxSize(200));
  }

  private static float[] ramp() {
    float[] x = new float[VOCABULARY];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i % 7) - 3;
    }
    return x;
  }

  /** The logits by token after {@code sampler}, over the whole vocabulary or over a sorted part. */
  private static float[] after(Sampler sampler, List<Integer> history, boolean sorted) {
    history.forEach(sampler::accept);
    Candidates c = new Candidates().load(ramp());
    if (sorted) {
      c.sort();
    }
    sampler.apply(c);
    float[] x = new float[VOCABULARY];
    for (int i = 0; i < c.size(); i++) {
      x[c.id(i)] = c.logit(i);
    }
    return x;
  }

  @Property(tries = 200)
  void penaltiesCountTheLastTokens(
      @ForAll("histories") List<Integer> history,
      @ForAll @IntRange(min = 1, max = 100) int lastN,
      @ForAll boolean sorted) {
    float[] got = after(new Penalties(lastN, 1.3f, 0.2f, 0.5f), history, sorted);
    List<Integer> last = history.subList(Math.max(0, history.size() - lastN), history.size());
    float[] x = ramp();
    for (int id = 0; id < VOCABULARY; id++) {
      int token = id;
      long count = last.stream().filter(t -> t == token).count();
      float expected =
          count == 0 ? x[id] : (x[id] <= 0 ? x[id] * 1.3f : x[id] / 1.3f) - (count * 0.2f + 0.5f);
      assertEquals(expected, got[id], 1e-5);
    }
  }

  @Property(tries = 200)
  void dryPenalisesByTheLongestRepetition(
      @ForAll("histories") List<Integer> history,
      @ForAll @IntRange(min = 1, max = 100) int lastN,
      @ForAll @IntRange(max = 4) int allowed,
      @ForAll boolean sorted) {
    SequenceBreakers breakers = new SequenceBreakers(List.of(new int[] {2, 1}, new int[] {7}));
    float[] got = after(new Dry(0.8f, 1.5f, allowed, lastN, breakers), history, sorted);
    List<Integer> text = history.subList(Math.max(0, history.size() - lastN), history.size());
    int n = text.size();
    int limit = sinceBreaker(text);
    float[] x = ramp();
    for (int token = 0; token < VOCABULARY; token++) {
      int longest = -1;
      for (int end = 1; end < n; end++) { // text[0, end) ends like the whole text
        int length = 0;
        while (length < end && text.get(end - 1 - length).equals(text.get(n - 1 - length))) {
          length++;
        }
        length = Math.min(length, limit);
        if (text.get(end) == token && length >= allowed) {
          longest = Math.max(longest, length);
        }
      }
      boolean penalised = n > allowed && limit >= allowed && longest >= 0 && token != 7;
      double penalty = penalised ? 0.8 * Math.pow(1.5, longest - allowed) : 0;
      assertEquals(x[token] - penalty, got[token], 1e-3 + 1e-5 * penalty);
    }
  }

  /** The number of tokens behind the last 7 or 2, 1. */
  private static int sinceBreaker(List<Integer> text) {
    for (int i = text.size() - 1; i >= 0; i--) {
      if (text.get(i) == 7) {
        return text.size() - 1 - i;
      }
      if (text.get(i) == 2 && i + 1 < text.size() && text.get(i + 1) == 1) {
        return text.size() - 2 - i;
      }
    }
    return text.size();
  }

  @Property(tries = 200)
  void noNgramOccursTwice(
      @ForAll("histories") List<Integer> history, @ForAll @IntRange(min = 1, max = 4) int n) {
    float[] got = after(new NoRepeatNgram(n), history, false);
    for (int token = 0; token < VOCABULARY; token++) {
      boolean again = false;
      int size = history.size();
      for (int at = 0; size >= n - 1 && at + n <= size; at++) {
        again |=
            history.get(at + n - 1) == token
                && history.subList(at, at + n - 1).equals(history.subList(size - n + 1, size));
      }
      assertEquals(again, got[token] == Float.NEGATIVE_INFINITY);
    }
  }

  @Test
  void aBanOfEverythingIsNotCarriedOut() {
    NoRepeatNgram once = new NoRepeatNgram(1);
    once.accept(0);
    once.accept(1);
    Candidates c = new Candidates().load(new float[] {1, 2});
    once.apply(c);
    assertEquals(1, c.logit(0));
    assertEquals(2, c.logit(1));
  }

  @Test
  void bannedSequencesEndBeforeTheirEnd() {
    BannedSequences ban = new BannedSequences(List.of(new int[] {1, 2}, new int[] {3}));
    Candidates c = new Candidates();
    ban.apply(c.load(new float[4]));
    assertEquals(Float.NEGATIVE_INFINITY, c.logit(3));
    assertEquals(0, c.logit(2));
    ban.accept(1);
    ban.apply(c.load(new float[4]));
    assertEquals(Float.NEGATIVE_INFINITY, c.logit(2));
    ban.accept(0);
    ban.apply(c.load(new float[4]));
    assertEquals(0, c.logit(2));
  }

  @Test
  void refusesWhatMeansNothing() {
    assertThrows(IllegalArgumentException.class, () -> new Penalties(5, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Penalties(5, Float.NaN, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new TopP(Float.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> new Temperature(Float.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> new NoRepeatNgram(-1));
    assertThrows(IllegalArgumentException.class, () -> new Candidates().load(new float[0]));
  }

  private static final ScriptedTexts TEXTS =
      new ScriptedTexts(
          List.of("a", "b", "c", "ab", "abc", "ba", "cab", "bc", "aa", "abab", "x"), -1);

  @Property(tries = 300)
  void bannedTextsNeverAppear(
      @ForAll("shortTexts") String banned, @ForAll("pieces") List<Integer> wishes) {
    BannedTexts ban = new BannedTexts(List.of(banned), TEXTS);
    String text = "";
    for (int wish : wishes) {
      Candidates c = new Candidates().load(new float[TEXTS.size()]);
      ban.apply(c);
      for (int id = 0; id < TEXTS.size(); id++) {
        boolean completes = (text + TEXTS.text(List.of(id))).contains(banned);
        assertEquals(completes, c.logit(id) == Float.NEGATIVE_INFINITY);
      }
      if (c.logit(wish) == 0) {
        ban.accept(wish);
        text += TEXTS.text(List.of(wish));
      }
    }
    assertFalse(text.contains(banned));
  }

  @Provide
  Arbitrary<String> shortTexts() {
    return Arbitraries.strings().withChars("abc").ofMinLength(1).ofMaxLength(5);
  }

  @Provide
  Arbitrary<List<Integer>> pieces() {
    return Arbitraries.integers().between(0, 10).list().ofMaxSize(12);
  }

  @Test
  void sequenceBreakersOfTextsAreFoundAcrossTokens() {
    SequenceBreakers breakers = SequenceBreakers.ofTexts(List.of("bc"), TEXTS);
    TokenHistory history = new TokenHistory(10);
    for (int id : new int[] {0, 3, 2, 0, 0}) { // a ab c a a: b|c crosses tokens
      history.add(id);
    }
    assertEquals(2, breakers.distance(history));
    assertTrue(breakers.isBreaker(4), "abc holds bc");
    assertFalse(breakers.isBreaker(3), "ab does not");
  }
}
