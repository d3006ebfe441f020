package dev.jllm.core.grammar.regex;

import dev.jllm.core.grammar.automaton.CharSet;
import java.util.List;

/** The syntax tree of a regular expression. */
sealed interface Node {
  Node EMPTY = new Sequence(List.of());

  /** One code point of the set. */
  record Chars(CharSet set) implements Node {}

  /** One after the other. */
  record Sequence(List<Node> parts) implements Node {}

  /** One of them. */
  record Choice(List<Node> options) implements Node {}

  /** So many times; {@link #UNBOUNDED} for no maximum. */
  record Repeat(Node body, int min, int max) implements Node {}

  /** A condition on the place, reading nothing. */
  record Assertion(Kind kind) implements Node {}

  int UNBOUNDED = Integer.MAX_VALUE;

  /** The kinds of condition. */
  enum Kind {
    START,
    END,
    WORD_BOUNDARY,
    NO_WORD_BOUNDARY
  }
}
