/** The sampler chain: from logits to the next token. */
@NullMarked
package dev.jllm.core.sample;

import org.jspecify.annotations.NullMarked;
