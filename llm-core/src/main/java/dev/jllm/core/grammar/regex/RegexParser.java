package dev.jllm.core.grammar.regex;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.CharSet;
import java.util.ArrayList;
import java.util.List;

/** Reads the regular expressions of ECMA 262, as far as they are regular. */
final class RegexParser {
  private static final int MAX_DEPTH = 250;
  private static final int MAX_COUNT = 100_000;

  private final String text;
  private int at;
  private int depth;

  RegexParser(String text) {
    this.text = text;
  }

  Node parse() {
    Node node = choice();
    if (at < text.length()) {
      throw error("')' without '('");
    }
    return node;
  }

  private Node choice() {
    List<Node> options = new ArrayList<>();
    options.add(sequence());
    while (peek() == '|') {
      at++;
      options.add(sequence());
    }
    return options.size() == 1 ? options.get(0) : new Node.Choice(options);
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    while (at < text.length() && peek() != '|' && peek() != ')') {
      int start = at;
      Node part = atom();
      parts.add(quantified(part, start));
    }
    return parts.size() == 1 ? parts.get(0) : new Node.Sequence(parts);
  }

  private Node quantified(Node atom, int start) {
    int min;
    int max;
    char c = peek();
    if (c == '*' || c == '+' || c == '?') {
      at++;
      min = c == '+' ? 1 : 0;
      max = c == '?' ? 1 : Node.UNBOUNDED;
    } else if (c == '{' && isCount()) {
      at++;
      min = number();
      max = min;
      if (peek() == ',') {
        at++;
        max = peek() == '}' ? Node.UNBOUNDED : number();
      }
      at++;
      if (max < min) {
        throw error("a repetition whose bounds are out of order");
      }
    } else {
      return atom;
    }
    if (atom instanceof Node.Assertion) {
      at = start;
      throw error("a repeated assertion");
    }
    if (peek() == '?') {
      at++; // lazy or greedy, the whole text matches or not
    }
    return new Node.Repeat(atom, min, max);
  }

  /** Whether a count follows; otherwise the brace stands for itself. */
  private boolean isCount() {
    int i = at + 1;
    int digits = i;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    if (i == digits) {
      return false;
    }
    if (i < text.length() && text.charAt(i) == ',') {
      i++;
      while (i < text.length() && isDigit(text.charAt(i))) {
        i++;
      }
    }
    return i < text.length() && text.charAt(i) == '}';
  }

  private int number() {
    int value = 0;
    while (isDigit(peek())) {
      value = value * 10 + (text.charAt(at++) - '0');
      if (value > MAX_COUNT) {
        throw error("a repetition of more than " + MAX_COUNT + " times");
      }
    }
    return value;
  }

  private Node atom() {
    char c = peek();
    switch (c) {
      case '^':
        at++;
        return new Node.Assertion(Node.Kind.START);
      case '$':
        at++;
        return new Node.Assertion(Node.Kind.END);
      case '.':
        at++;
        return new Node.Chars(CharClasses.LINE);
      case '(':
        return group();
      case '[':
        return new Node.Chars(charClass());
      case '*', '+', '?':
        throw error("nothing before '" + c + "' to repeat");
      case '\\':
        if (at + 1 < text.length()) {
          char escaped = text.charAt(at + 1);
          if (escaped == 'b' || escaped == 'B') {
            at += 2;
            return new Node.Assertion(
                escaped == 'b' ? Node.Kind.WORD_BOUNDARY : Node.Kind.NO_WORD_BOUNDARY);
          }
        }
        return new Node.Chars(escape());
      default:
        if (c == '{' && isCount()) {
          throw error("nothing before '{' to repeat");
        }
        return new Node.Chars(CharSet.of(codePoint()));
    }
  }

  private Node group() {
    if (++depth > MAX_DEPTH) {
      throw error("groups nested deeper than " + MAX_DEPTH);
    }
    at++;
    if (peek() == '?') {
      if (text.startsWith("?:", at)) {
        at += 2;
      } else if (text.startsWith("?=", at) || text.startsWith("?!", at)) {
        throw error("look-ahead, which is not supported");
      } else if (text.startsWith("?<=", at) || text.startsWith("?<!", at)) {
        throw error("look-behind, which is not supported");
      } else if (text.startsWith("?<", at) && text.indexOf('>', at) > at + 2) {
        at = text.indexOf('>', at) + 1;
      } else {
        throw error("a group with flags, which is not supported");
      }
    }
    Node inner = choice();
    if (peek() != ')') {
      throw error("'(' without ')'");
    }
    at++;
    depth--;
    // An assertion in a group may be repeated, one without may not.
    return inner instanceof Node.Assertion ? new Node.Sequence(List.of(inner)) : inner;
  }

  private CharSet charClass() {
    int start = at++;
    boolean negated = peek() == '^';
    at += negated ? 1 : 0;
    CharSet set = CharSet.NONE;
    while (at < text.length() && peek() != ']') {
      CharSet first = classAtom();
      if (peek() == '-' && at + 1 < text.length() && text.charAt(at + 1) != ']') {
        int dash = at++;
        CharSet last = classAtom();
        if (isSingle(first) && isSingle(last)) {
          if (first.first(0) > last.first(0)) {
            at = dash;
            throw error("a range out of order");
          }
          set = set.union(CharSet.range(first.first(0), last.first(0)));
        } else {
          set = set.union(first).union(CharSet.of('-')).union(last);
        }
      } else {
        set = set.union(first);
      }
    }
    if (at == text.length()) {
      at = start;
      throw error("'[' without ']'");
    }
    at++;
    return negated ? set.complement() : set;
  }

  private static boolean isSingle(CharSet set) {
    return set.ranges() == 1 && set.first(0) == set.last(0);
  }

  private CharSet classAtom() {
    if (peek() != '\\') {
      return CharSet.of(codePoint());
    }
    if (text.startsWith("\\b", at)) {
      at += 2;
      return CharSet.of('\b');
    }
    if (text.startsWith("\\-", at)) {
      at += 2;
      return CharSet.of('-');
    }
    return escape();
  }

  private CharSet escape() {
    if (at + 1 == text.length()) {
      throw error("a backslash at the end");
    }
    char c = text.charAt(at + 1);
    int start = at;
    at += 2;
    switch (c) {
      case 'd':
        return CharClasses.DIGIT;
      case 'D':
        return CharClasses.DIGIT.complement();
      case 'w':
        return CharClasses.WORD;
      case 'W':
        return CharClasses.WORD.complement();
      case 's':
        return CharClasses.SPACE;
      case 'S':
        return CharClasses.SPACE.complement();
      case 't':
        return CharSet.of('\t');
      case 'n':
        return CharSet.of('\n');
      case 'r':
        return CharSet.of('\r');
      case 'v':
        return CharSet.of(0x0B);
      case 'f':
        return CharSet.of('\f');
      case 'x':
        return CharSet.of(hex(2, start));
      case 'u':
        return CharSet.of(unicode(start));
      case 'c':
        if (Character.isLetter(peek()) && peek() < 128) {
          return CharSet.of(text.charAt(at++) & 31);
        }
        break;
      case 'p', 'P':
        return property(c == 'P', start);
      case 'k':
        at = start;
        throw error("a back-reference, which is not supported");
      default:
        if (c == '0' && !isDigit(peek())) {
          return CharSet.of(0);
        }
        if (isDigit(c)) {
          at = start;
          throw error("a back-reference, which is not supported");
        }
        if (c >= 128 || !Character.isLetter(c)) {
          at--;
          return CharSet.of(codePoint());
        }
    }
    at = start;
    throw error("the unknown escape '\\" + c + "'");
  }

  private CharSet property(boolean negated, int start) {
    int end = peek() == '{' ? text.indexOf('}', at) : -1;
    if (end >= 0) {
      String name = text.substring(at + 1, end);
      CharSet set = CharClasses.property(name);
      if (set != null) {
        at = end + 1;
        return negated ? set.complement() : set;
      }
    }
    at = start;
    throw error("a Unicode property that is not supported");
  }

  private int unicode(int start) {
    if (peek() == '{') {
      int end = text.indexOf('}', at);
      int digits = end - at - 1;
      if (end < 0 || digits < 1 || digits > 6) {
        at = start;
        throw error("a malformed escape");
      }
      at++;
      int value = hex(digits, start);
      at++;
      if (value > CharSet.MAX) {
        at = start;
        throw error("an escape beyond the last code point");
      }
      return value;
    }
    int value = hex(4, start);
    if (Character.isHighSurrogate((char) value) && text.startsWith("\\u", at)) {
      int back = at;
      at += 2;
      int low = peek() == '{' ? 0 : hex(4, start);
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) value, (char) low);
      }
      at = back;
    }
    return value;
  }

  private int hex(int digits, int start) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
      if (digit < 0) {
        at = start;
        throw error("a malformed escape");
      }
      value = value << 4 | digit;
      at++;
    }
    return value;
  }

  private int codePoint() {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  /** The next character, 0 at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private GrammarException error(String found) {
    return new GrammarException(
        "The regular expression has " + found + ", at character " + (at + 1) + ": " + shown());
  }

  private String shown() {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
