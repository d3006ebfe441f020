package dev.jllm.core.grammar.gbnf;

import dev.jllm.core.grammar.automaton.CharSet;

/** One symbol of an alternative. */
sealed interface Element {
  /** One code point of the set. */
  record Chars(CharSet set) implements Element {}

  /** What another rule matches. */
  record Reference(int rule) implements Element {}

  /** A token as a whole, or (negated) any other token. */
  record Token(int id, boolean negated) implements Element {}
}
