package dev.jllm.core.grammar.automaton;

import dev.jllm.api.GrammarException;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a {@link RuleNet}: rules, each a small automaton whose edges read bytes, read nothing,
 * call another rule, or read a whole token.
 */
public final class RuleNetBuilder {
  /** More than any sensible grammar needs; some 100 bytes each. */
  static final int MAX_STATES = 1_000_000;

  static final int MAX_EDGES = 4_000_000;

  static final int BYTES = 0;
  static final int EMPTY = 1;
  static final int CALL = 2;
  static final int TOKEN = 3;
  static final int OTHER_TOKEN = 4;

  /** Five ints an edge: from, kind, two arguments, to. */
  final IntList edges = new IntList();

  final List<String> names = new ArrayList<>();
  final IntList entries = new IntList();
  final IntList finals = new IntList();
  int states;
  private final Utf8Edges utf8 = new Utf8Edges(this);

  /** A new rule with its entry state; the name is for messages. */
  public int rule(String name) {
    names.add(name);
    entries.add(state());
    return names.size() - 1;
  }

  /** The state in which the rule begins. */
  public int entry(int rule) {
    return entries.get(rule);
  }

  /** The number of rules so far. */
  public int rules() {
    return names.size();
  }

  /** The number of states so far. */
  public int states() {
    return states;
  }

  /** A new state. */
  public int state() {
    if (states == MAX_STATES) {
      throw new GrammarException(
          "The grammar needs more than "
              + MAX_STATES
              + " states; use fewer or shorter repetitions");
    }
    return states++;
  }

  /** The rule that contains the state may end there. */
  public void accept(int state) {
    finals.add(state);
  }

  /** Reads one byte in the range (0 to 255, both inclusive). */
  public void bytes(int from, int first, int last, int to) {
    edge(from, BYTES, first, last, to);
  }

  /** Reads one code point of the set, as UTF-8. */
  public void chars(int from, CharSet set, int to) {
    utf8.add(from, set, to);
  }

  /** Reads the text, as UTF-8, and returns the state after it. */
  public int text(int from, String text) {
    int at = from;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int next = state();
      chars(at, CharSet.of(text.codePointAt(i)), next);
      at = next;
    }
    return at;
  }

  /** Reads nothing. */
  public void empty(int from, int to) {
    edge(from, EMPTY, 0, 0, to);
  }

  /** Reads what the rule matches. */
  public void call(int from, int rule, int to) {
    edge(from, CALL, rule, 0, to);
  }

  /** Reads the token with this id as a whole, or (negated) any token but this one. */
  public void token(int from, int id, boolean negated, int to) {
    edge(from, negated ? OTHER_TOKEN : TOKEN, id, 0, to);
  }

  private void edge(int from, int kind, int a, int b, int to) {
    if (edges.size() / 5 == MAX_EDGES) {
      throw new GrammarException(
          "The grammar needs more than "
              + MAX_EDGES
              + " transitions; use fewer or shorter repetitions");
    }
    edges.add(from);
    edges.add(kind);
    edges.add(a);
    edges.add(b);
    edges.add(to);
  }

  /**
   * The finished automaton of texts that {@code root} matches.
   *
   * @throws GrammarException if a rule can reach itself without reading anything (left recursion)
   */
  public RuleNet build(int root) {
    return new RuleNetCompiler(this, root).compile();
  }
}
