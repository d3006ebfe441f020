/** Constrained decoding: grammars, regular expressions, JSON Schema. */
@NullMarked
package dev.jllm.core.grammar;

import org.jspecify.annotations.NullMarked;
