package dev.jllm.core.grammar.gbnf;

import dev.jllm.api.GrammarException;
import dev.jllm.core.grammar.automaton.CharSet;
import dev.jllm.core.grammar.automaton.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Reads the text of a GBNF grammar into rules; repetitions become rules of their own. */
final class GbnfParser {
  /** The bound of the reference implementation for counts, and for counts within counts. */
  private static final int MAX_REPETITIONS = 2000;

  /** Deeper groups than any honest grammar has; the parser recurses once a level. */
  private static final int MAX_GROUPS = 300;

  private static final int MAX_ELEMENTS = 2_000_000;
  private static final long UNBOUNDED = Long.MAX_VALUE;

  private final String text;
  private final ToIntFunction<String> tokenIds;
  private final Rules rules = new Rules();
  private int at;
  private int groups;
  private int elements;

  GbnfParser(String text, ToIntFunction<String> tokenIds) {
    this.text = text;
    this.tokenIds = tokenIds;
  }

  Rules parse() {
    skipSpace(true);
    while (at < text.length()) {
      rule();
    }
    if (rules.size() == 0) {
      throw new GrammarException("The grammar has no rules; it needs one named 'root'");
    }
    for (int rule = 0; rule < rules.size(); rule++) {
      if (rules.alternatives(rule) == null) {
        throw Place.error(
            text, rules.offset(rule), "The rule '" + rules.name(rule) + "' is not defined; used");
      }
    }
    return rules;
  }

  private void rule() {
    int start = at;
    String name = name();
    int rule = rules.named(name, start);
    skipSpace(false);
    if (!text.startsWith("::=", at)) {
      throw expected("'::=' after the rule name '" + name + "'");
    }
    at += 3;
    skipSpace(true);
    alternates(name, rule, false);
    if (at < text.length()) {
      char c = text.charAt(at);
      if (c != '\r' && c != '\n') {
        throw expected("the end of the line");
      }
    }
    skipSpace(true);
  }

  private void alternates(String name, int rule, boolean nested) {
    List<List<Element>> alternatives = new ArrayList<>();
    alternatives.add(sequence(name, nested));
    while (at < text.length() && text.charAt(at) == '|') {
      at++;
      skipSpace(true);
      alternatives.add(sequence(name, nested));
    }
    rules.define(rule, alternatives);
  }

  private List<Element> sequence(String name, boolean nested) {
    List<Element> out = new ArrayList<>();
    int last = 0; // where the symbol begins that a repetition would repeat
    long weight = 1; // the rules that one repetition of it stands for
    while (at < text.length()) {
      char c = text.charAt(at);
      int start = at;
      if (c == '"') {
        last = out.size();
        weight = 1;
        literal(out);
      } else if (c == '[') {
        last = out.size();
        weight = 1;
        charClass(out);
      } else if (c == '<' || c == '!') {
        last = out.size();
        weight = 1;
        out.add(token());
      } else if (isName(c)) {
        String reference = name();
        last = out.size();
        weight = 1;
        out.add(new Element.Reference(rules.named(reference, start)));
      } else if (c == '(') {
        int before = rules.size();
        int group = group(name);
        weight = Math.max(1, rules.size() - before);
        last = out.size();
        out.add(new Element.Reference(group));
      } else if (c == '.') {
        at++;
        last = out.size();
        weight = 1;
        out.add(new Element.Chars(CharSet.ALL));
      } else if (c == '*' || c == '+' || c == '?' || c == '{') {
        long min = c == '+' ? 1 : 0;
        long max = c == '?' ? 1 : UNBOUNDED;
        at++;
        if (c == '{') {
          skipSpace(nested);
          min = count();
          max = maximum(min, nested);
          if (min > MAX_REPETITIONS) {
            throw Place.error(text, start, "More than " + MAX_REPETITIONS + " repetitions");
          }
          if (max < min) {
            throw Place.error(
                text, start, "The repetition {" + min + "," + max + "} is empty; turn it round");
          }
          max = max > MAX_REPETITIONS ? UNBOUNDED : max;
        }
        if (last == out.size()) {
          throw Place.error(text, start, "Nothing to repeat before '" + c + "'");
        }
        long times = max != UNBOUNDED && max > 0 ? max : Math.max(min, 1);
        weight *= times;
        if (weight > MAX_REPETITIONS) {
          throw Place.error(
              text,
              start,
              "Repetitions within repetitions come to more than " + MAX_REPETITIONS + " rules");
        }
        repeat(out, last, min, max, name, start);
      } else {
        break;
      }
      skipSpace(nested);
      count(out.size() - last);
    }
    return out;
  }

  private void count(int more) {
    elements += more;
    if (elements > MAX_ELEMENTS) {
      throw Place.error(text, at, "The grammar is too large: repetitions are written out");
    }
  }

  private int group(String name) {
    int start = at++;
    if (++groups > MAX_GROUPS) {
      throw Place.error(text, start, "Groups nested deeper than " + MAX_GROUPS);
    }
    skipSpace(true);
    int rule = rules.anonymous(name, start);
    alternates(name, rule, true);
    if (at == text.length() || text.charAt(at) != ')') {
      throw expected("')'");
    }
    at++;
    groups--;
    return rule;
  }

  /**
   * Writes out a repetition of the symbol at {@code out[last…]}: as often as it must stand, then
   * rules for what may follow. s{2,4} is s s a, a ::= s b | nothing, b ::= s | nothing.
   */
  private void repeat(List<Element> out, int last, long min, long max, String name, int offset) {
    List<Element> symbol = List.copyOf(out.subList(last, out.size()));
    out.subList(last, out.size()).clear();
    for (long i = 0; i < min; i++) {
      count(symbol.size());
      out.addAll(symbol);
    }
    boolean unbounded = max == UNBOUNDED;
    long optional = unbounded ? 1 : max - min;
    int follows = -1;
    for (long i = 0; i < optional; i++) {
      int rule = rules.anonymous(name, offset);
      List<Element> more = new ArrayList<>(symbol);
      if (unbounded) {
        more.add(new Element.Reference(rule));
        rules.markLoop(rule);
      } else if (follows >= 0) {
        more.add(new Element.Reference(follows));
      }
      count(more.size());
      rules.define(rule, List.of(more, List.of()));
      follows = rule;
    }
    if (follows >= 0) {
      out.add(new Element.Reference(follows));
    }
  }

  private void literal(List<Element> out) {
    int start = at++;
    while (at < text.length() && text.charAt(at) != '"') {
      out.add(new Element.Chars(CharSet.of(character())));
    }
    if (at == text.length()) {
      throw Place.error(text, start, "The string has no closing '\"'; it begins");
    }
    at++;
  }

  private void charClass(List<Element> out) {
    int start = at++;
    boolean negated = at < text.length() && text.charAt(at) == '^';
    at += negated ? 1 : 0;
    CharSet set = CharSet.NONE;
    boolean any = false;
    while (at < text.length() && text.charAt(at) != ']') {
      int first = character();
      int last = first;
      if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
        at++;
        last = character();
      }
      set = set.union(CharSet.range(first, last));
      any = true;
    }
    if (at == text.length()) {
      throw Place.error(text, start, "The class has no closing ']'; it begins");
    }
    at++;
    if (any) { // an empty class matches nothing but the empty text, as in the reference
      out.add(new Element.Chars(negated ? set.complement() : set));
    }
  }

  private Element token() {
    int start = at;
    boolean negated = text.charAt(at) == '!';
    at += negated ? 1 : 0;
    if (at == text.length() || text.charAt(at) != '<') {
      throw expected("'<' of a token");
    }
    int open = at++;
    if (at < text.length() && text.charAt(at) == '[') {
      at++;
      long id = count();
      if (!text.startsWith("]>", at) || id > Integer.MAX_VALUE) {
        throw expected("']>' after a token's id");
      }
      at += 2;
      return new Element.Token((int) id, negated);
    }
    int close = text.indexOf('>', at);
    if (close < 0) {
      throw Place.error(text, start, "The token has no closing '>'; it begins");
    }
    at = close + 1;
    String token = text.substring(open, at);
    int id = tokenIds.applyAsInt(token);
    if (id < 0) {
      throw Place.error(text, start, "'" + token + "' is not a single token of the vocabulary");
    }
    return new Element.Token(id, negated);
  }

  private long maximum(long min, boolean nested) {
    skipSpace(nested);
    long max = min;
    if (at < text.length() && text.charAt(at) == ',') {
      at++;
      skipSpace(nested);
      boolean bounded = at < text.length() && isDigit(text.charAt(at));
      max = bounded ? count() : UNBOUNDED;
      skipSpace(nested);
    }
    if (at == text.length() || text.charAt(at) != '}') {
      throw expected("'}' of a repetition");
    }
    at++;
    return max;
  }

  private long count() {
    int start = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw expected("a number");
    }
    if (at - start > 18) {
      throw Place.error(text, start, "The number is too large");
    }
    return Long.parseLong(text.substring(start, at));
  }

  private String name() {
    int start = at;
    while (at < text.length() && isName(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw expected("a rule name (letters, digits, '-')");
    }
    return text.substring(start, at);
  }

  private int character() {
    int c = text.codePointAt(at);
    if (c != '\\') {
      at += Character.charCount(c);
      return c;
    }
    char escaped = at + 1 < text.length() ? text.charAt(at + 1) : 0;
    at += 2;
    return switch (escaped) {
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'n' -> '\n';
      case '\\', '"', '[', ']', '-' -> escaped;
      default -> {
        at -= 2;
        throw expected("an escape (\\x41 \\u0041 \\U00000041 \\t \\r \\n \\\\ \\\" \\[ \\] \\-)");
      }
    };
  }

  private int hex(int digits) {
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < text.length() && text.charAt(at) < 128 ? digit(text.charAt(at)) : -1;
      if (digit < 0) {
        throw expected(digits + " hexadecimal digits");
      }
      value = value << 4 | digit;
      at++;
    }
    // What is no code point never matches.
    return (int) Math.min(value, CharSet.MAX + 1);
  }

  private static int digit(char c) {
    return Character.digit(c, 16);
  }

  private void skipSpace(boolean newlines) {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        while (at < text.length() && text.charAt(at) != '\r' && text.charAt(at) != '\n') {
          at++;
        }
      } else if (c == ' ' || c == '\t' || newlines && (c == '\r' || c == '\n')) {
        at++;
      } else {
        return;
      }
    }
  }

  private static boolean isName(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || isDigit(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private GrammarException expected(String what) {
    String found =
        at < text.length()
            ? "'" + new String(Character.toChars(text.codePointAt(at))) + "'"
            : "the end";
    return Place.error(text, at, "Expected " + what + ", found " + found);
  }
}
