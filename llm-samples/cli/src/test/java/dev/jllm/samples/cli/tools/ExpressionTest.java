package dev.jllm.samples.cli.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  @ParameterizedTest
  @CsvSource({
    "1 + 2 * 3, 7",
    "(1 + 2) * 3, 9",
    "2 ^ 3 ^ 2, 512",
    "2 ** 10, 1024",
    "-2 ^ 2, -4",
    "2 ^ -1, 0.5",
    "0.1 + 0.2, 0.3",
    "10 / 4, 2.5",
    "1 / 3, 0.3333333333333333",
    "17 % 5, 2",
    "-7 % 3, 2",
    "20%, 0.2",
    "200 * 15%, 30",
    "5!, 120",
    "sqrt(2) ^ 2, 2",
    "2 pi, 6.283185307179586",
    "2(3 + 4), 14",
    "1e3 + 1.5E-2, 1000.015",
    "ln(e), 1",
    "sin(0), 0",
    "'max(1, 7, 3)', 7",
    "'log(8, 2)', 3",
    "1_000_000 * 1_000_000, 1000000000000",
    "6 × 7 − 2 ÷ 1, 40",
    "99999999999999999999 + 1, 100000000000000000000",
    "2 ^ 0.5, 1.414213562373095"
  })
  void calculates(String text, String value) {
    assertEquals(value, Expression.evaluateToText(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 +",
        "(1",
        "1)",
        "foo(1)",
        "x",
        "1 / 0",
        "5 % (1 - 1)",
        "sqrt(-1)",
        "0 ^ -1",
        "1.2.3",
        "ln(0)",
        "1e99999999999",
        "9999!",
        "sin()",
        "sin(1, 2)",
        "10 ^ 10 ^ 10"
      })
  void refusesWithAReason(String text) {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> Expression.evaluateToText(text));
    assertEquals(false, e.getMessage().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "-", "2^", "sin("})
  void boundsDepth(String piece) {
    assertThrows(
        IllegalArgumentException.class, () -> Expression.evaluateToText(piece.repeat(400)));
  }
}
