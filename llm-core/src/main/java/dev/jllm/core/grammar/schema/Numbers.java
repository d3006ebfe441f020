package dev.jllm.core.grammar.schema;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.regex.Dfa;
import dev.jllm.core.grammar.regex.DfaExplorer;
import dev.jllm.core.grammar.regex.Regex;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sets of numbers as sets of their JSON texts.
 *
 * <p>Numbers are written as plain decimals or with one digit before the point and an exponent of at
 * most 307, which no reader takes for infinity. Where a schema says anything about numbers, the
 * first digit is not 0 and at most 20 follow the point; under {@code multipleOf} there are plain
 * decimals only.
 */
final class Numbers {
  private static final String PLAIN = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?";

  /** Exponents that no double overflows with. */
  private static final String POWER = "[eE][+-]?(0?[0-9]{1,2}|[12][0-9]{2}|30[0-7])";

  private static final String ANY = PLAIN + "|-?[0-9](\\.[0-9]+)?" + POWER;
  private static final String EXPONENT = "-?[1-9](\\.[0-9]{1,20})?" + POWER;
  private static final int MAX_EXPONENT = 400;
  private static final int MAX_DIGITS = 200;
  private static final int MAX_FRACTION = 20;
  private static final int MAX_REMAINDERS = 20_000;
  private static final String ALPHABET = "0123456789-+.eE";

  private static final Dfa DIGITS = Regex.whole("0|-?[1-9][0-9]*");
  static final Dfa ANY_NUMBER = Regex.whole(ANY);
  private static final Dfa PLAIN_NUMBERS = Regex.whole(PLAIN);
  private static final Dfa NUMBERS = Regex.whole("(" + PLAIN + ")|(" + EXPONENT + ")");

  /** The integers among all numbers of either kind. */
  private static final Map<Dfa, Dfa> INTEGERS = new ConcurrentHashMap<>();

  private final Dfa universe;

  /** The numbers that stand as constants in the schema, for listing finite sets. */
  private final Map<BigDecimal, Dfa> constants = new LinkedHashMap<>();

  private final Map<String, Dfa> known = new HashMap<>();

  Numbers(boolean plainOnly) {
    universe = plainOnly ? PLAIN_NUMBERS : NUMBERS;
  }

  /** All texts of numbers that are told apart. */
  Dfa universe() {
    return universe;
  }

  /** The constants met so far, each with its texts. */
  Map<BigDecimal, Dfa> constants() {
    return constants;
  }

  Dfa equalTo(BigDecimal bound) {
    Dfa texts = compared(bound, false, true, false);
    constants.put(bound.stripTrailingZeros(), texts);
    return texts;
  }

  Dfa atLeast(BigDecimal bound, boolean exclusive) {
    return compared(bound, false, !exclusive, true);
  }

  Dfa atMost(BigDecimal bound, boolean exclusive) {
    return compared(bound, true, !exclusive, false);
  }

  Dfa integers() {
    return INTEGERS.computeIfAbsent(
        universe,
        key ->
            key.intersect(
                DfaExplorer.explore(
                    new Whole(Phase.BEGIN, 0, 0, false, 0), ALPHABET, Whole::next, Whole::ends)));
  }

  /**
   * The texts of a set of numbers that a model should write: where all are integers, digits alone.
   * 12.0 is an integer too, but a number with a point is a floating one to most programs.
   */
  Dfa written(Dfa set) {
    Dfa fractions = known.computeIfAbsent("fractions", key -> universe.minus(integers()));
    return set.intersect(fractions).isEmpty() ? set.intersect(DIGITS) : set;
  }

  private Dfa compared(BigDecimal bound, boolean less, boolean equal, boolean greater) {
    BigDecimal b = bound.stripTrailingZeros();
    String digits = b.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - b.scale();
    if (digits.length() > MAX_DIGITS || Math.abs(exponent) > MAX_EXPONENT) {
      throw new GrammarException(
          "a number beyond what can be compared: " + bound.toEngineeringString());
    }
    return known.computeIfAbsent(
        b + " " + less + equal + greater,
        key -> {
          Comparison start = new Comparison(b.signum(), digits, exponent);
          Dfa texts =
              DfaExplorer.explore(
                  start.begin(),
                  ALPHABET,
                  start::next,
                  s ->
                      s.ends()
                          && switch (start.compare(s)) {
                            case -1 -> less;
                            case 0 -> equal;
                            default -> greater;
                          });
          return universe.intersect(texts);
        });
  }

  /** Multiples of a positive number. */
  Dfa multiplesOf(BigDecimal step) {
    BigDecimal s = step.stripTrailingZeros();
    if (s.compareTo(BigDecimal.ONE) == 0) {
      return integers();
    }
    int scale = Math.max(s.scale(), 0);
    BigInteger unit = s.movePointRight(scale).toBigIntegerExact();
    if (scale > 100
        || unit.bitLength() > 30
        || (long) unit.intValue() * (scale + 2) > MAX_REMAINDERS) {
      throw new GrammarException(
          "a step that needs too many remainders: "
              + step.toPlainString()
              + "; only small integers and short decimals can be used");
    }
    int modulus = unit.intValue();
    return known.computeIfAbsent(
        "multiples " + s,
        key ->
            universe.intersect(
                DfaExplorer.explore(
                    new Remainder(Phase.BEGIN, 0, 0),
                    ALPHABET,
                    (r, c) -> r.next(c, modulus, scale),
                    r -> r.ends(modulus, scale))));
  }

  /** Whether a step needs numbers to be written as plain decimals. */
  static boolean needsPlain(BigDecimal step) {
    return step.compareTo(BigDecimal.ONE) != 0;
  }

  /** Where in a number's text one is. */
  enum Phase {
    BEGIN,
    SIGN,
    ZERO,
    INTEGER,
    POINT,
    FRACTION,
    MARK,
    MARK_SIGN,
    EXPONENT;

    boolean ends() {
      return this == ZERO || this == INTEGER || this == FRACTION || this == EXPONENT;
    }

    /** The phase after a character, null where none can follow. */
    @Nullable Phase after(int c) {
      boolean digit = c >= '0' && c <= '9';
      return switch (this) {
        case BEGIN, SIGN ->
            c == '-' && this == BEGIN ? SIGN : c == '0' ? ZERO : digit ? INTEGER : null;
        case ZERO -> c == '.' ? POINT : null;
        case INTEGER -> digit ? INTEGER : c == '.' ? POINT : c == 'e' || c == 'E' ? MARK : null;
        case POINT -> digit ? FRACTION : null;
        case FRACTION -> digit ? FRACTION : c == 'e' || c == 'E' ? MARK : null;
        case MARK -> c == '+' || c == '-' ? MARK_SIGN : digit ? EXPONENT : null;
        case MARK_SIGN, EXPONENT -> digit ? EXPONENT : null;
      };
    }
  }

  /**
   * Is it whole? {@code digits} counts the fraction's digits, {@code last} is the place of its last
   * one that is not 0, {@code exponent} the exponent, all as far as they matter.
   */
  private record Whole(Phase phase, int digits, int last, boolean negative, int exponent) {
    @Nullable Whole next(int c) {
      Phase p = phase.after(c);
      if (p == null) {
        return null;
      }
      if (p == Phase.FRACTION) {
        int n = Math.min(digits + 1, MAX_FRACTION + 1);
        return new Whole(p, n, c == '0' ? last : n, false, 0);
      }
      if (p == Phase.EXPONENT) {
        int e = Math.min(exponent * 10 + c - '0', MAX_FRACTION + 1);
        return new Whole(p, 0, last, negative, e);
      }
      return new Whole(p, p == Phase.INTEGER ? 0 : digits, last, c == '-' && p != Phase.SIGN, 0);
    }

    boolean ends() {
      return phase.ends() && last <= (negative ? -exponent : exponent);
    }
  }

  /** The remainder of the digits so far, with the number of digits behind the point. */
  private record Remainder(Phase phase, int value, int digits) {
    @Nullable Remainder next(int c, int modulus, int scale) {
      Phase p = phase.after(c);
      if (p == null || p == Phase.MARK) {
        return null;
      }
      if (c == '-' || c == '.') {
        return new Remainder(p, value, 0);
      }
      if (p == Phase.FRACTION && digits == scale) {
        return c == '0' ? new Remainder(p, value, digits) : null;
      }
      int v = (int) ((value * 10L + (c - '0')) % modulus);
      return new Remainder(p, v, p == Phase.FRACTION ? digits + 1 : 0);
    }

    boolean ends(int modulus, int scale) {
      long v = value;
      for (int i = phase == Phase.FRACTION ? digits : 0; i < scale; i++) {
        v = v * 10 % modulus;
      }
      return phase.ends() && v == 0;
    }
  }
}
