/** Matrices of quantised weights, activations, scratch memory, and the worker threads. */
@NullMarked
package dev.jllm.core.tensor;

import org.jspecify.annotations.NullMarked;
