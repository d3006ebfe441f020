/** Vocabularies, tokenizers, and the assembly of text from tokens. */
@NullMarked
package dev.jllm.core.token;

import org.jspecify.annotations.NullMarked;
