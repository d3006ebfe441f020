package dev.jllm.samples.cli.tools;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Arithmetic as people write it: {@code + - * / %}, powers ({@code ^} or {@code **}, binding to the
 * right), parentheses, factorials, percent signs, constants {@code pi} and {@code e}, and the usual
 * functions. Sums, products and whole powers are exact in 34 digits; functions are doubles.
 *
 * <p>A recursive-descent parser: {@code sum = product (±product)*}, {@code product = unary
 * (*unary)*}, {@code unary = ±unary | power}, {@code power = postfix [^ unary]}, {@code postfix =
 * atom (! | %)*}.
 */
public final class Expression {
  private static final MathContext DIGITS = MathContext.DECIMAL128;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_LENGTH = 2000;
  private static final int MAX_EXPONENT = 100_000;
  private static final int MAX_FACTORIAL = 1000;

  private final String text;
  private int at;
  private int depth;

  private Expression(String text) {
    this.text = text;
  }

  /**
   * The value of an expression.
   *
   * @throws IllegalArgumentException which says what is wrong at which place
   */
  public static BigDecimal evaluate(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("the expression is longer than " + MAX_LENGTH);
    }
    Expression expression =
        new Expression(text.replace('×', '*').replace('÷', '/').replace('−', '-'));
    BigDecimal value = expression.sum();
    if (expression.peek() != 0) {
      throw expression.wrong("an operator");
    }
    return value;
  }

  /**
   * {@link #evaluate} as people write numbers: no needless zeros, no exponent where it is short.
   */
  public static String evaluateToText(String text) {
    BigDecimal value = evaluate(text).round(new MathContext(16, RoundingMode.HALF_EVEN));
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    int size = plain.precision() - plain.scale();
    return size > 21 || size < -6 ? plain.toString() : plain.toPlainString();
  }

  private BigDecimal sum() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("the expression nests deeper than " + MAX_DEPTH);
    }
    BigDecimal value = product();
    while (true) {
      if (take('+')) {
        value = value.add(product(), DIGITS);
      } else if (take('-')) {
        value = value.subtract(product(), DIGITS);
      } else {
        depth--;
        return value;
      }
    }
  }

  private BigDecimal product() {
    BigDecimal value = unary();
    while (true) {
      char c = peek();
      if (c == '*') {
        at++;
        value = value.multiply(unary(), DIGITS);
      } else if (c == '/' || c == '%') {
        at++;
        int place = at;
        BigDecimal divisor = unary();
        if (divisor.signum() == 0) {
          at = place;
          throw new IllegalArgumentException("division by zero at offset " + (place - 1));
        }
        value = c == '/' ? value.divide(divisor, DIGITS) : modulo(value, divisor);
      } else if (c == '(' || Character.isLetter(c)) {
        // 2(3+4), 2 pi
        value = value.multiply(unary(), DIGITS);
      } else {
        return value;
      }
    }
  }

  private static BigDecimal modulo(BigDecimal value, BigDecimal divisor) {
    BigDecimal quotient = value.divide(divisor, DIGITS).setScale(0, RoundingMode.FLOOR);
    return value.subtract(quotient.multiply(divisor, DIGITS), DIGITS);
  }

  private BigDecimal unary() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("the expression nests deeper than " + MAX_DEPTH);
    }
    BigDecimal value;
    if (take('-')) {
      value = unary().negate();
    } else if (take('+')) {
      value = unary();
    } else {
      value = power();
    }
    depth--;
    return value;
  }

  private BigDecimal power() {
    BigDecimal base = postfix();
    boolean power = take('^');
    if (!power && peek() == '*' && at + 1 < text.length() && text.charAt(at + 1) == '*') {
      at += 2;
      power = true;
    }
    return power ? raise(base, unary()) : base;
  }

  private static BigDecimal raise(BigDecimal base, BigDecimal exponent) {
    BigDecimal whole = exponent.setScale(0, RoundingMode.FLOOR);
    if (whole.compareTo(exponent) == 0
        && whole.abs().compareTo(BigDecimal.valueOf(MAX_EXPONENT)) <= 0) {
      int n = whole.intValueExact();
      if (n < 0 && base.signum() == 0) {
        throw new IllegalArgumentException("zero has no negative power");
      }
      BigDecimal value = base.pow(Math.abs(n), DIGITS);
      return n < 0 ? BigDecimal.ONE.divide(value, DIGITS) : value;
    }
    return number(Math.pow(base.doubleValue(), exponent.doubleValue()), "the power");
  }

  private BigDecimal postfix() {
    BigDecimal value = atom();
    while (true) {
      if (take('!')) {
        value = factorial(value);
      } else if (peek() == '%' && !startsOperand(at + 1)) {
        at++;
        value = value.movePointLeft(2);
      } else {
        return value;
      }
    }
  }

  /** Whether {@code %} is the remainder, which has something to divide by. */
  private boolean startsOperand(int from) {
    int i = from;
    while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
      i++;
    }
    char c = i < text.length() ? text.charAt(i) : 0;
    return Character.isLetterOrDigit(c) || c == '(' || c == '.';
  }

  private static BigDecimal factorial(BigDecimal value) {
    if (value.signum() < 0
        || value.stripTrailingZeros().scale() > 0
        || value.compareTo(BigDecimal.valueOf(MAX_FACTORIAL)) > 0) {
      throw new IllegalArgumentException(
          "a factorial is of a whole number from 0 to " + MAX_FACTORIAL);
    }
    BigDecimal product = BigDecimal.ONE;
    for (int i = 2; i <= value.intValueExact(); i++) {
      product = product.multiply(BigDecimal.valueOf(i), DIGITS);
    }
    return product;
  }

  private BigDecimal atom() {
    char c = peek();
    if (take('(')) {
      BigDecimal value = sum();
      if (!take(')')) {
        throw wrong("')'");
      }
      return value;
    }
    if (c >= '0' && c <= '9' || c == '.') {
      return literal();
    }
    if (Character.isLetter(c)) {
      return named();
    }
    throw wrong("a number");
  }

  private BigDecimal literal() {
    int start = at;
    while (at < text.length()
        && (isDigit(at) || text.charAt(at) == '.' || text.charAt(at) == '_')) {
      at++;
    }
    if (at + 1 < text.length() && (text.charAt(at) | 0x20) == 'e') {
      int sign = text.charAt(at + 1) == '-' || text.charAt(at + 1) == '+' ? 1 : 0;
      if (isDigit(at + 1 + sign)) {
        at += 1 + sign;
        while (isDigit(at)) {
          at++;
        }
      }
    }
    try {
      BigDecimal value = new BigDecimal(text.substring(start, at).replace("_", ""));
      if (Math.abs((long) value.scale()) > MAX_EXPONENT) {
        throw new IllegalArgumentException("the number at offset " + start + " is out of range");
      }
      return value;
    } catch (NumberFormatException e) {
      at = start;
      throw wrong("a number");
    }
  }

  private boolean isDigit(int index) {
    return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
  }

  private BigDecimal named() {
    int start = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    String name = text.substring(start, at).toLowerCase(Locale.ROOT);
    switch (name) {
      case "pi", "π" -> {
        return new BigDecimal("3.141592653589793238462643383279503");
      }
      case "e" -> {
        return new BigDecimal("2.718281828459045235360287471352662");
      }
      default -> {
        // A function.
      }
    }
    if (!take('(')) {
      at = start;
      throw wrong("a number or function");
    }
    List<BigDecimal> arguments = new ArrayList<>();
    do {
      arguments.add(sum());
    } while (take(','));
    if (!take(')')) {
      throw wrong("')'");
    }
    return call(name, arguments);
  }

  private static BigDecimal call(String name, List<BigDecimal> arguments) {
    BigDecimal x = arguments.get(0);
    double d = x.doubleValue();
    int count = arguments.size();
    if (name.equals("max") || name.equals("min")) {
      BigDecimal best = x;
      for (BigDecimal other : arguments) {
        best = name.equals("max") ? best.max(other) : best.min(other);
      }
      return best;
    }
    if (count == 2 && (name.equals("pow") || name.equals("log"))) {
      BigDecimal y = arguments.get(1);
      return name.equals("pow")
          ? raise(x, y)
          : number(Math.log(d) / Math.log(y.doubleValue()), "log");
    }
    if (count != 1) {
      throw new IllegalArgumentException(name + " does not take " + count + " arguments");
    }
    return switch (name) {
      case "abs" -> x.abs();
      case "floor" -> x.setScale(0, RoundingMode.FLOOR);
      case "ceil" -> x.setScale(0, RoundingMode.CEILING);
      case "round" -> x.setScale(0, RoundingMode.HALF_UP);
      case "sqrt" -> {
        if (x.signum() < 0) {
          throw new IllegalArgumentException("a negative number has no real square root");
        }
        yield x.sqrt(DIGITS);
      }
      case "cbrt" -> number(Math.cbrt(d), name);
      case "exp" -> number(Math.exp(d), name);
      case "ln" -> number(Math.log(d), name);
      case "log", "log10" -> number(Math.log10(d), name);
      case "log2" -> number(Math.log(d) / Math.log(2), name);
      case "sin" -> number(Math.sin(d), name);
      case "cos" -> number(Math.cos(d), name);
      case "tan" -> number(Math.tan(d), name);
      case "asin" -> number(Math.asin(d), name);
      case "acos" -> number(Math.acos(d), name);
      case "atan" -> number(Math.atan(d), name);
      case "sinh" -> number(Math.sinh(d), name);
      case "cosh" -> number(Math.cosh(d), name);
      case "tanh" -> number(Math.tanh(d), name);
      case "deg", "degrees" -> number(Math.toDegrees(d), name);
      case "rad", "radians" -> number(Math.toRadians(d), name);
      default -> throw new IllegalArgumentException("there is no function " + name);
    };
  }

  private static BigDecimal number(double value, String what) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(what + " has no real value there");
    }
    return BigDecimal.valueOf(value);
  }

  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private IllegalArgumentException wrong(String expected) {
    String found = peek() == 0 ? "the end" : "'" + peek() + "'";
    return new IllegalArgumentException(
        "expected " + expected + " at offset " + at + ", found " + found);
  }
}
