package dev.jllm.core.grammar.automaton;

import org.jspecify.annotations.Nullable;

/**
 * A place in a text that is being matched: all the ways in which the grammar can have come here.
 * Unique by content within its {@link Matcher}, so that two texts that allow the same continuations
 * share one position, and what was computed for it.
 */
public final class Position {
  final int[] states;
  final Stack[] stacks;
  final boolean complete;

  /** The position after a byte of each class, where known; null where none is. */
  @Nullable Position @Nullable [] next;

  Position(int[] states, Stack[] stacks, boolean complete) {
    this.states = states;
    this.stacks = stacks;
    this.complete = complete;
  }

  /** Whether the text so far is a whole text of the grammar. */
  public boolean isComplete() {
    return complete;
  }

  /** Whether nothing can follow. */
  public boolean isFinal() {
    return states.length == 0;
  }

  /** Whether the text so far is no beginning of any text of the grammar. */
  public boolean isDead() {
    return states.length == 0 && !complete;
  }
}
