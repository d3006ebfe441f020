/** JSON Schema (draft 2020-12) as a grammar. */
@NullMarked
package dev.jllm.core.grammar.schema;

import org.jspecify.annotations.NullMarked;
