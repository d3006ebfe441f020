/** The building blocks of a forward pass: norms, rotary positions, attention, feed-forward. */
@NullMarked
package dev.jllm.core.block;

import org.jspecify.annotations.NullMarked;
