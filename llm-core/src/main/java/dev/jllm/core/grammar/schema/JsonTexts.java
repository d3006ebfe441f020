package dev.jllm.core.grammar.schema;

import dev.jllm.core.grammar.automaton.CharSet;
import dev.jllm.core.grammar.automaton.RuleNetBuilder;
import dev.jllm.core.grammar.regex.Dfa;

/** The rules of JSON's white space and strings. */
final class JsonTexts {
  private static final CharSet HEX = CharSet.anyOf("0123456789abcdefABCDEF");

  /** Characters with an escape of one letter, and those letters. */
  private static final String ESCAPED = "\"\\/\b\f\n\r\t";

  private static final String LETTERS = "\"\\/bfnrt";

  private static final CharSet RAW =
      CharSet.range(0, 0x1F).union(CharSet.anyOf("\"\\")).complement();

  private final RuleNetBuilder net;
  private final int space;

  JsonTexts(RuleNetBuilder net, int maxSpace) {
    this.net = net;
    space = net.rule("space");
    int at = net.entry(space);
    net.accept(at);
    CharSet blank = CharSet.anyOf(" \t\n\r");
    for (int i = 0; i < maxSpace; i++) {
      int next = net.state();
      net.chars(at, blank, next);
      net.accept(next);
      at = next;
    }
  }

  int space() {
    return space;
  }

  /** A rule for the strings of the set, in quotes, with escapes. */
  int string(Dfa texts) {
    int rule = net.rule("string");
    int[] states = new int[texts.states()];
    for (int s = 0; s < states.length; s++) {
      states[s] = net.state();
    }
    net.bytes(net.entry(rule), '"', '"', states[0]);
    int end = net.state();
    net.accept(end);
    boolean all = texts.isAll();
    for (int s = 0; s < states.length; s++) {
      if (texts.ends(s)) {
        net.bytes(states[s], '"', '"', end);
      }
      for (int i = 0; i < texts.segments(s); i++) {
        if (texts.next(s, i) >= 0) {
          CharSet set = CharSet.range(texts.first(s, i), texts.last(s, i));
          net.chars(states[s], set.intersect(RAW), states[texts.next(s, i)]);
        }
      }
      escapes(texts, s, states);
      if (all) {
        hexEscapes(states[s]);
      }
    }
    return rule;
  }

  /** The escapes of one letter, and the hexadecimal ones of control characters. */
  private void escapes(Dfa texts, int s, int[] states) {
    int escape = -1;
    for (int i = 0; i < ESCAPED.length(); i++) {
      int to = texts.step(s, ESCAPED.charAt(i));
      if (to >= 0) {
        escape = escape < 0 ? begin(states[s]) : escape;
        net.bytes(escape, LETTERS.charAt(i), LETTERS.charAt(i), states[to]);
      }
    }
    if (texts.isAll()) {
      return; // all hexadecimal escapes follow
    }
    int zeros = -1;
    int[] high = {-1, -1};
    for (int c = 0; c < 0x20; c++) {
      int to = texts.step(s, c);
      if (to < 0) {
        continue;
      }
      escape = escape < 0 ? begin(states[s]) : escape;
      zeros = zeros < 0 ? net.text(escape, "u00") : zeros;
      if (high[c >> 4] < 0) {
        high[c >> 4] = net.text(zeros, c < 0x10 ? "0" : "1");
      }
      char digit = Character.forDigit(c & 15, 16);
      net.chars(
          high[c >> 4],
          CharSet.of(digit).union(CharSet.of(Character.toUpperCase(digit))),
          states[to]);
    }
  }

  private int begin(int from) {
    int escape = net.state();
    net.bytes(from, '\\', '\\', escape);
    return escape;
  }

  /** Backslash, u and four hexadecimal digits; surrogates only in pairs. */
  private void hexEscapes(int state) {
    int u = net.text(state, "\\u");
    int three = net.state();
    int two = net.state();
    int one = net.state();
    net.chars(u, HEX.minus(CharSet.anyOf("dD")), three);
    net.chars(three, HEX, two);
    net.chars(two, HEX, one);
    net.chars(one, HEX, state);
    int d = net.state();
    net.chars(u, CharSet.anyOf("dD"), d);
    net.chars(d, CharSet.range('0', '7'), two);
    int at = d;
    CharSet[] pair = {
      CharSet.anyOf("89abAB"),
      HEX,
      HEX,
      CharSet.of('\\'),
      CharSet.of('u'),
      CharSet.anyOf("dD"),
      CharSet.anyOf("cdefCDEF"),
      HEX,
      HEX
    };
    for (int i = 0; i < pair.length; i++) {
      int next = i == pair.length - 1 ? state : net.state();
      net.chars(at, pair[i], next);
      at = next;
    }
  }
}
