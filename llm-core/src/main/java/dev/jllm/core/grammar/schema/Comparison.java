package dev.jllm.core.grammar.schema;

import org.jspecify.annotations.Nullable;

/**
 * Compares a number, read digit by digit, with a bound. Both are taken as d.ddd…·10^e: the
 * exponents decide first, then the digits from the front.
 *
 * @param sign of the bound: -1, 0 or 1
 * @param digits of the bound, without zeros in front or at the end
 * @param exponent of the bound's first digit
 */
record Comparison(int sign, String digits, int exponent) {
  private static final int LESS = -1;
  private static final int GREATER = -2;

  /**
   * What is known of a number so far.
   *
   * @param negative whether it begins with a minus
   * @param place the digits before the point (as far as they matter), or minus the zeros after it
   * @param order how its digits compare: so many are equal, or {@link #LESS} or {@link #GREATER}
   * @param zero whether all digits so far are 0
   * @param exponentNegative whether the written exponent is negative
   * @param written the written exponent, as far as it matters
   */
  record State(
      Numbers.Phase phase,
      boolean negative,
      int place,
      int order,
      boolean zero,
      boolean exponentNegative,
      int written) {
    boolean ends() {
      return phase.ends();
    }
  }

  State begin() {
    return new State(Numbers.Phase.BEGIN, false, 0, 0, true, false, 0);
  }

  @Nullable State next(State s, int c) {
    Numbers.Phase p = s.phase().after(c);
    boolean normalised = s.place == 1 && !s.zero;
    if (p == null || p == Numbers.Phase.MARK && !normalised) {
      return null;
    }
    int far = Math.abs(exponent) + 2;
    return switch (p) {
      case SIGN -> new State(p, true, 0, 0, true, false, 0);
      case ZERO, POINT, MARK -> new State(p, s.negative, s.place, s.order, s.zero, false, 0);
      case INTEGER ->
          new State(p, s.negative, Math.min(s.place + 1, far), digit(s.order, c), false, false, 0);
      case FRACTION -> {
        if (s.zero && c == '0') {
          yield new State(p, s.negative, Math.max(s.place - 1, -far), 0, true, false, 0);
        }
        yield new State(p, s.negative, s.place, digit(s.order, c), false, false, 0);
      }
      case MARK_SIGN -> new State(p, s.negative, s.place, s.order, s.zero, c == '-', 0);
      case EXPONENT ->
          new State(
              p,
              s.negative,
              s.place,
              s.order,
              s.zero,
              s.exponentNegative,
              Math.min(s.written * 10 + c - '0', 2 * far));
      case BEGIN -> null;
    };
  }

  private int digit(int order, int c) {
    if (order < 0) {
      return order;
    }
    if (order == digits.length()) {
      return c == '0' ? order : GREATER;
    }
    int mine = digits.charAt(order);
    return c == mine ? order + 1 : c < mine ? LESS : GREATER;
  }

  /** -1, 0 or 1 as the number is less than, equal to or greater than the bound. */
  int compare(State s) {
    int numberSign = s.zero ? 0 : s.negative ? -1 : 1;
    if (numberSign != sign || sign == 0) {
      return Integer.compare(numberSign, sign);
    }
    return sign * compareMagnitudes(s);
  }

  private int compareMagnitudes(State s) {
    // The first digit's exponent: one less than the digits before the point, or below the zeros.
    int e = s.place - 1 + (s.exponentNegative ? -s.written : s.written);
    if (e != exponent) {
      return e < exponent ? -1 : 1;
    }
    return s.order == GREATER ? 1 : s.order == LESS || s.order < digits.length() ? -1 : 0;
  }
}
