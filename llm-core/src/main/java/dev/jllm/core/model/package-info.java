/** From specification and tensors to blocks, and the forward pass itself. */
@NullMarked
package dev.jllm.core.model;

import org.jspecify.annotations.NullMarked;
