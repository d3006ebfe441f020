package dev.jllm.core.grammar.automaton;

import java.util.Arrays;

/**
 * A node of the graph-structured stack: what to go on with when a rule ends. Several callers of one
 * rule share one node, so that ambiguity costs no more than the number of rules. Immutable and
 * unique by content within a {@link Matcher}.
 */
final class Stack {
  /** The state to go on in; {@link #END} where the whole text may end. */
  final int[] returns;

  /** The stack to go on with, for each of the states. */
  final Stack[] below;

  /** Unique, in the order of creation. */
  final int id;

  final int depth;

  static final int END = -1;

  Stack(int[] returns, Stack[] below, int id) {
    this.returns = returns;
    this.below = below;
    this.id = id;
    int deepest = 0;
    for (int i = 0; i < below.length; i++) {
      if (returns[i] != END) {
        deepest = Math.max(deepest, below[i].depth);
      }
    }
    depth = deepest + 1;
  }

  /** The content of a node, for finding an equal one. */
  static final class Key {
    private final int[] returns;
    private final int[] below;

    Key(int[] returns, int[] below) {
      this.returns = returns;
      this.below = below;
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Key key
          && Arrays.equals(returns, key.returns)
          && Arrays.equals(below, key.below);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(returns) + Arrays.hashCode(below);
    }
  }
}
