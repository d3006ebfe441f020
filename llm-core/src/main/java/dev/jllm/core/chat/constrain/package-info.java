/** Grammars that hold what a model writes to well-formed calls of the tools it was offered. */
@NullMarked
package dev.jllm.core.chat.constrain;

import org.jspecify.annotations.NullMarked;
