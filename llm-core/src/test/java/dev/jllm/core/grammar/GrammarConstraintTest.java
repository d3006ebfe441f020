package dev.jllm.core.grammar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.core.sample.Candidates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrammarConstraintTest {
  private static final float NO = Float.NEGATIVE_INFINITY;

  /**
   * 0 a, 1 b, 2 ab, 3 first byte of é, 4 second byte of é, 5 é, 6 control, 7 end, 8 "ba<", 9 call>.
   */
  private static final TokenTrie TRIE =
      TokenTrie.of(
          10,
          t ->
              switch (t) {
                case 0 -> bytes("a");
                case 1 -> bytes("b");
                case 2 -> bytes("ab");
                case 3 -> new byte[] {(byte) 0xC3};
                case 4 -> new byte[] {(byte) 0xA9};
                case 5 -> bytes("é");
                case 8 -> bytes("ba<");
                case 9 -> bytes("call>");
                default -> null;
              },
          t -> t == 7);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static GrammarConstraint constraint(String gbnf) {
    return new TokenGrammar(Grammar.gbnf(gbnf), TRIE).constraint();
  }

  /** The tokens allowed, by mask, by candidates and one by one: all three must agree. */
  private static List<Integer> allowed(GrammarConstraint constraint) {
    float[] logits = new float[10];
    constraint.mask(logits);
    Candidates candidates = new Candidates().load(new float[10]);
    constraint.apply(candidates);
    assertArrayEquals(logits, Arrays.copyOf(candidates.logits(), 10));
    List<Integer> found = new ArrayList<>();
    for (int t = 0; t < 10; t++) {
      assertEquals(constraint.allows(t), logits[t] != NO);
      if (logits[t] != NO) {
        found.add(t);
      }
    }
    return found;
  }

  @Test
  void tokensMayEndInsideACodePoint() {
    GrammarConstraint constraint = constraint("root ::= \"aé\" \"b\"?");
    assertEquals(List.of(0), allowed(constraint));
    constraint.accept(0);
    assertEquals(List.of(3, 5), allowed(constraint));
    constraint.accept(3);
    assertEquals(List.of(4), allowed(constraint));
    assertFalse(constraint.isComplete());
    constraint.accept(4);
    assertEquals(List.of(1, 7), allowed(constraint));
    assertTrue(constraint.isComplete());
    assertFalse(constraint.isFinished());
    constraint.accept(1);
    assertEquals(List.of(7), allowed(constraint));
    assertTrue(constraint.isFinished());
    constraint.accept(7);
  }

  @Test
  void whatIsNotAllowedChangesNothing() {
    GrammarConstraint constraint = constraint("root ::= \"ab\" \"a\"");
    assertThrows(IllegalArgumentException.class, () -> constraint.accept(1));
    assertThrows(IllegalArgumentException.class, () -> constraint.accept(6));
    assertThrows(IllegalArgumentException.class, () -> constraint.accept(7));
    constraint.accept(2);
    assertEquals(List.of(0), allowed(constraint));
  }

  @Test
  void copiesGoTheirOwnWayAndBack() {
    GrammarConstraint constraint = constraint("root ::= \"a\" \"b\" \"a\"");
    constraint.accept(0);
    GrammarConstraint copy = constraint.copy();
    constraint.accept(1);
    assertEquals(List.of(0), allowed(constraint));
    assertEquals(List.of(1), allowed(copy));
    constraint.restore(copy);
    assertEquals(List.of(1), allowed(constraint));
  }

  @Test
  void grammarsCanNameTokens() {
    GrammarConstraint constraint = constraint("root ::= <[6]> !<[0]> \"b\"");
    assertEquals(List.of(6), allowed(constraint));
    constraint.accept(6);
    assertEquals(List.of(1, 2, 3, 4, 5, 6, 8, 9), allowed(constraint));
    constraint.accept(9);
    assertEquals(List.of(1), allowed(constraint));
  }

  @Test
  void aLazyGrammarWaitsForItsTrigger() {
    TokenGrammar grammar = new TokenGrammar(Grammar.gbnf("root ::= \"<call>\" \"a\"+"), TRIE);
    GrammarConstraint constraint = grammar.constraint(Triggers.texts("<call>"));
    for (int token : new int[] {1, 6, 5, 3, 8}) {
      assertTrue(constraint.allows(token));
      constraint.accept(token);
      assertTrue(constraint.isAwaiting());
      assertTrue(constraint.isComplete());
    }
    constraint.accept(9); // "ba<" + "call>"
    assertFalse(constraint.isAwaiting());
    assertEquals(List.of(0), allowed(constraint));
    constraint.accept(0);
    assertEquals(List.of(0, 7), allowed(constraint));

    GrammarConstraint byToken =
        new TokenGrammar(Grammar.gbnf("root ::= <[6]> \"b\""), TRIE).constraint(Triggers.tokens(6));
    byToken.accept(0);
    byToken.accept(6);
    assertEquals(List.of(1), allowed(byToken));
  }

  @Test
  void choicesAreExactlyTheTextsGiven() {
    GrammarConstraint constraint =
        new TokenGrammar(Grammar.choice(List.of("a", "ab", "b")), TRIE).constraint();
    assertEquals(List.of(0, 1, 2), allowed(constraint));
    constraint.accept(0);
    assertEquals(List.of(1, 7), allowed(constraint));
  }

  @Test
  void aVocabularyThatLacksWhatIsNeededIsNamed() {
    GrammarConstraint constraint = constraint("root ::= \"z\"");
    assertThrows(IllegalStateException.class, () -> constraint.mask(new float[10]));
  }
}
