package dev.jllm.core.chat.parse;

import org.jspecify.annotations.Nullable;

/**
 * A tool call as the model wrote it.
 *
 * @param name the tool's name
 * @param arguments JSON text of the arguments; a beginning of it as long as {@code complete} is
 *     false
 * @param id the id that the model wrote, or null where it wrote none
 * @param complete whether the arguments came to their end and are JSON
 */
public record ParsedCall(String name, String arguments, @Nullable String id, boolean complete) {}
