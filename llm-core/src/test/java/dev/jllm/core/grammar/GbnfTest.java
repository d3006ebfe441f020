package dev.jllm.core.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jllm.api.GrammarException;
import dev.jllm.core.json.Json;
import dev.jllm.core.testing.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GbnfTest {
  @Test
  void agreesWithTheRecordedAnswersOfTheReference() throws IOException {
    for (String line : Files.readAllLines(Reference.path("grammars", "cases.jsonl"))) {
      Map<?, ?> testCase = (Map<?, ?>) Json.parse(line);
      String text = (String) testCase.get("grammar");
      String name = (String) testCase.get("name");
      if (testCase.containsKey("error")) {
        assertThrows(GrammarException.class, () -> Grammar.gbnf(text), name);
      } else {
        Grammar grammar = Grammar.gbnf(text);
        List<Boolean> got = new ArrayList<>();
        for (Object input : (List<?>) testCase.get("inputs")) {
          got.add(grammar.matches((String) input));
        }
        assertEquals(testCase.get("accepted"), got, name);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "root ::= a@             The rule 'a' is not defined; used at line 1, column 10",
        "start ::= ;x@          Expected the end of the line, found ';' at line 1, column 11",
        "root ::= root \"a\" | \"b\"@ Left recursion: the rule 'root' can begin with itself; put the"
            + " recursion last, or write a repetition of something that is never empty",
        "root ::= \"a\"{3,1}@      The repetition {3,1} is empty; turn it round at line 1, column 13",
        "root ::= \"a\"{9999}@     More than 2000 repetitions at line 1, column 13",
      })
  void saysWhatIsWrongAndWhere(String grammar, String message) {
    GrammarException e = assertThrows(GrammarException.class, () -> Grammar.gbnf(grammar.strip()));
    assertEquals(message, e.getMessage());
  }

  @Test
  void readsCodePointsOfAnyLength() {
    Grammar grammar = Grammar.gbnf("root ::= [^a-zé]+ \"\\U0001F600\" [ぁ-ゟ]{2}");
    assertTrue(grammar.matches("É😁😀ぁん"));
    assertFalse(grammar.matches("é😀ぁん"));
    assertFalse(grammar.matches("É😀ぁア"));
    assertFalse(grammar.matches("\ud83d😀ぁん"));
  }

  @Test
  void ambiguityCostsNoMoreThanTheGrammarIsLong() {
    Grammar grammar =
        Grammar.gbnf(
            "root ::= a | b\na ::= \"x\" root \"y\" | \"z\"\nb ::= \"x\" root \"y\" | \"z\"");
    assertTrue(grammar.matches("x".repeat(2000) + "z" + "y".repeat(2000)));
    assertFalse(grammar.matches("x".repeat(2000) + "z" + "y".repeat(1999)));
    Grammar stars = Grammar.gbnf("root ::= ((\"a\"*)* (\"a\" | \"a\")*)* \"b\"");
    assertTrue(stars.matches("a".repeat(5000) + "b"));
  }

  @Test
  void hugeGrammarsAreRefusedBeforeTheyAreBuilt() {
    StringBuilder text = new StringBuilder("root ::= a0{2000}\n");
    for (int i = 0; i < 20; i++) {
      text.append("a").append(i).append(" ::= \"").append("x".repeat(3000)).append("\"{2000}\n");
    }
    assertThrows(GrammarException.class, () -> Grammar.gbnf(text + "a20 ::= \"b\""));
    assertThrows(GrammarException.class, () -> Grammar.gbnf("root ::= " + "(".repeat(100_000)));
  }

  @Test
  void aGrammarWithoutTextsIsEmpty() {
    assertTrue(Grammar.gbnf("root ::= \"a\" root").isEmpty());
    assertFalse(Grammar.gbnf("root ::= \"a\" root | \"b\"").isEmpty());
    assertFalse(Grammar.gbnf("root ::= ").isEmpty());
  }
}
