/** GBNF, the grammar notation of llama.cpp. */
@NullMarked
package dev.jllm.core.grammar.gbnf;

import org.jspecify.annotations.NullMarked;
