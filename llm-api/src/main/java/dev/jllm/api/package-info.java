/** Load a model, generate text, hold a conversation: start at {@link dev.jllm.api.Model}. */
@NullMarked
package dev.jllm.api;

import org.jspecify.annotations.NullMarked;
