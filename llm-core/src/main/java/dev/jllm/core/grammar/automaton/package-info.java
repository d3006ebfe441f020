/** Pushdown automata over bytes: how any grammar is matched, whatever it was written in. */
@NullMarked
package dev.jllm.core.grammar.automaton;

import org.jspecify.annotations.NullMarked;
