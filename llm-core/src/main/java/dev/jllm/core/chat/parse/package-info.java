/**
 * Parsers of what models emit: content, reasoning and tool calls, while the text is still coming.
 *
 * <p>{@link OutputFormat} says as data how a family of models marks these; {@link OutputFormats}
 * finds the format from a chat template; {@link OutputParser} reads.
 */
@NullMarked
package dev.jllm.core.chat.parse;

import org.jspecify.annotations.NullMarked;
