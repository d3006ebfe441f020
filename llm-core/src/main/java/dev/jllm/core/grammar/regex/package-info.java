/**
 * Regular expressions (the common part of ECMA 262) and deterministic automata over code points.
 */
@NullMarked
package dev.jllm.core.grammar.regex;

import org.jspecify.annotations.NullMarked;
